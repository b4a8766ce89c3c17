import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Answers, countries, is_asked, judge, looks_like_email, type Question } from "../public/form_rules";

interface Case {
  form: string;
  answers: Answers;
  wrong?: Record<string, string>;
  limits?: Record<string, number | string>;
  kept?: Answers;
}

// The server's test reads the same table (tests/unit/answer_rules_test.cpp).
const table = JSON.parse(readFileSync(join(process.cwd(), "..", "tests", "forms", "cases.json"), "utf8")) as {
  countries: string;
  forms: Record<string, Question[]>;
  cases: Case[];
};

for (const [number, { form, answers, wrong, limits }] of table.cases.entries()) {
  test(`case ${number}: ${form} ${JSON.stringify(answers)}`, () => {
    const judged = judge(table.forms[form]!, answers);
    deepEqual(Object.fromEntries([...judged].map(([key, { message }]) => [key, message])), wrong ?? {});
    for (const [key, limit] of Object.entries(limits ?? {})) equal(judged.get(key)?.limit, limit);
  });
}

for (const [number, { form, answers, kept }] of table.cases.entries()) {
  if (!kept) continue;
  test(`case ${number} asks for all that is kept`, () => {
    const questions = table.forms[form]!;
    const asked = questions.filter((question) => is_asked(question, questions, answers)).map(({ key }) => key);
    deepEqual(Object.keys(kept).filter((key) => !asked.includes(key)), []);
  });
}

test("browser and server know the same countries", () => {
  equal(countries.join(" "), table.countries);
});

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
