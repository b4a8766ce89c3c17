import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../public/people_grid";

test("keys lead from cell to cell and never out of the table", () => {
  const from = (key: string, row: number, column: number, control = false) => step(key, control, row, column, 30, 8);
  assert.deepEqual(from("ArrowDown", 0, 3), [1, 3]);
  assert.deepEqual(from("ArrowDown", 29, 3), [29, 3]);
  assert.deepEqual(from("ArrowUp", 0, 3), [0, 3]);
  assert.deepEqual(from("ArrowLeft", 4, 0), [4, 0]);
  assert.deepEqual(from("ArrowRight", 4, 7), [4, 7]);
  assert.deepEqual(from("PageDown", 5, 1), [15, 1]);
  assert.deepEqual(from("PageUp", 5, 1), [0, 1]);
  assert.deepEqual(from("Home", 5, 4), [5, 0]);
  assert.deepEqual(from("End", 5, 4), [5, 7]);
  assert.deepEqual(from("Home", 5, 4, true), [0, 0]);
  assert.deepEqual(from("End", 5, 4, true), [29, 7]);
  assert.equal(from("a", 5, 4), undefined);
});
