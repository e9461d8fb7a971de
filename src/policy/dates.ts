/** Days as policies write them: `YYYY-MM-DD`. Texts in this form are in the order of the days. */

/** The same day of a later year; what the calendar lacks of it stands between its neighbours. */
export function yearsLater(day: string, years: number): string {
  return `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;
}

/** Whether the calendar has the day; `2027-02-31` is none. */
export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return text.length === 10 && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
