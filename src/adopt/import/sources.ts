/** The tools whose files are read. The command line knows them without loading what reads them. */
export const SOURCES = ['terraform', 'ansible', 'psmdb', 'mongodbcommunity', 'atlas-kubernetes', 'mongosh'] as const;

export type Source = (typeof SOURCES)[number];
