import { equal } from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../public/versions";

test("the next version is applied", () => equal(judge(7, 8), "apply"));
test("a version seen before is known", () => equal(judge(7, 7), "known"));
test("an older version is known", () => equal(judge(7, 3), "known"));
test("a version further on leaves a gap", () => equal(judge(7, 9), "gap"));
