/** Where the time goes of what takes longer than is wanted, and what the least is that it could take; by the figure's id. */
export const PROFILES: Readonly<Record<string, string>> = {};
