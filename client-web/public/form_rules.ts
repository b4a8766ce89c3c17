// What makes a form's fields right or asked at all. The server decides; these rules only spare people a round trip,
// so when in doubt they let a value pass.

// RFC 6531 shape: something, one last @, a domain with a dot, no blanks, at most 254 characters.
export function looks_like_email(text: string): boolean {
  return text.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u.test(text);
}

export type Answer = string | boolean | string[];

export interface Condition {
  question: string;
  in: readonly unknown[];
}

// A question is asked when the one it depends on is asked and its answer is listed. Conditions may follow one another;
// a circle, which no sound form has, counts as not asked.
export function is_asked(
  key: string,
  conditions: ReadonlyMap<string, Condition>,
  answers: ReadonlyMap<string, Answer>,
  on_the_way: ReadonlySet<string> = new Set(),
): boolean {
  const condition = conditions.get(key);
  if (!condition) return true;
  if (on_the_way.has(key)) return false;
  return (
    is_asked(condition.question, conditions, answers, new Set(on_the_way).add(key)) &&
    matches(answers.get(condition.question), condition.in)
  );
}

function matches(answer: Answer | undefined, accepted: readonly unknown[]): boolean {
  return [answer].flat().some((value) => accepted.some((one) => String(one) === String(value)));
}
