import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { backoff_ms, spread_ms } from "../public/backoff";

test("waits double and end at thirty seconds", () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => backoff_ms(attempt, () => 0));

  deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("chance shortens a wait by half at most", () => {
  equal(backoff_ms(3, () => 1), 4000);
  for (let i = 0; i < 100; ++i) ok(backoff_ms(2) >= 2000 && backoff_ms(2) <= 4000);
});

test("nobody returns before the server asked", () => {
  equal(spread_ms(3000, () => 0), 3000);
  equal(spread_ms(3000, () => 1), 4500);
});
