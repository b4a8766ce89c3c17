import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type Answer, type Condition, is_asked, looks_like_email } from "../public/form_rules";

const conditions = (entries: Record<string, Condition>) => new Map(Object.entries(entries));
const answers = (entries: Record<string, Answer>) => new Map(Object.entries(entries));

test("addresses of any script are let pass", () => {
  const fine = ["anna@example.org", "анна@пример.рф", "åke.öberg+kutsu@älv.example", "x@a.b.c", "o'neil@example.ie"];
  deepEqual(fine.filter((one) => !looks_like_email(one)), []);
});

test("what cannot be an address is noticed", () => {
  const wrong = ["", "anna", "anna@", "@example.org", "anna@example", "an na@example.org", "a@b@example.org",
    "anna@.example.org", "anna@example.", "anna@example..org", `${"x".repeat(65)}@example.org`,
    `anna@${"x".repeat(250)}.org`];
  deepEqual(wrong.filter(looks_like_email), []);
});

test("a question without condition is asked", () => {
  equal(is_asked("diet", conditions({}), answers({})), true);
});

test("a question follows a box that is ticked or not", () => {
  const size = conditions({ size: { question: "company", in: [true] } });

  equal(is_asked("size", size, answers({ company: true })), true);
  equal(is_asked("size", size, answers({ company: false })), false);
  equal(is_asked("size", size, answers({})), false);
});

test("a question can follow an unticked box", () => {
  equal(is_asked("why", conditions({ why: { question: "company", in: [false] } }), answers({ company: false })), true);
});

test("a question follows one of several choices, and any of several answers", () => {
  const bus = conditions({ bus: { question: "city", in: ["joensuu", "kuopio"] } });

  equal(is_asked("bus", bus, answers({ city: "kuopio" })), true);
  equal(is_asked("bus", bus, answers({ city: "petropavl" })), false);
  equal(is_asked("bus", bus, answers({ city: ["petropavl", "joensuu"] })), true);
  equal(is_asked("bus", bus, answers({ city: [] })), false);
});

test("numbers match as the text that a field holds", () => {
  equal(is_asked("names", conditions({ names: { question: "people", in: [2, 3] } }), answers({ people: "3" })), true);
});

test("a question is not asked when the one it follows is not", () => {
  const chain = conditions({ size: { question: "company", in: [true] }, board: { question: "size", in: ["large"] } });

  equal(is_asked("board", chain, answers({ company: true, size: "large" })), true);
  equal(is_asked("board", chain, answers({ company: false, size: "large" })), false);
});

test("a circle of conditions asks nothing and ends", () => {
  const circle = conditions({ a: { question: "b", in: ["x"] }, b: { question: "a", in: ["x"] } });

  equal(is_asked("a", circle, answers({ a: "x", b: "x" })), false);
});
