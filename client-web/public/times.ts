// Times as the server writes them: RFC 3339 with the offset of a place, so that the digits are the clock on its wall.

export const day_of = (rfc3339: string): string => rfc3339.slice(0, 10);

// "8.30" for readers of Finnish, "08:30" for others.
export function wall_time(rfc3339: string, language: string): string {
  const wall = new Date(`${rfc3339.slice(0, 16)}:00Z`);
  const format = { timeStyle: "short", hourCycle: "h23", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language, format).format(wall);
}

// The same instant on the clock of another place, whose offset is taken from a time written for it before.
export function at_offset_of(pattern: string, rfc3339: string): string {
  const shift_ms = Date.parse(`${pattern.slice(0, 19)}Z`) - Date.parse(pattern);
  return new Date(Date.parse(rfc3339) + shift_ms).toISOString().slice(0, 19) + pattern.slice(19);
}
