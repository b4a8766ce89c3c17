// How long to wait before trying again.

// 1, 2, 4 … 30 s, each shortened by up to half at random so that a hall of browsers does not return in one wave.
export function backoff_ms(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - random() / 2));
}

// What the server asked for, lengthened by up to a half at random.
export function spread_ms(asked_ms: number, random: () => number = Math.random): number {
  return Math.round(asked_ms * (1 + random() / 2));
}
