// What makes a form's fields right or asked at all: the server's own rules (server/registration/answer_rules.cpp) on the
// same definition, which the page carries. tests/forms/cases.json holds both to them. The server decides; these rules
// spare people a round trip.

// RFC 6531 shape: something, one last @, a domain with a dot, no blanks, at most 254 characters.
export function looks_like_email(text: string): boolean {
  return text.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u.test(text);
}

// A question as far as rules go; the server writes it (server/events/form_json.cpp).
export interface Question {
  key: string;
  type: string;
  required: boolean;
  options?: { value: string }[];
  visible_if?: { question: string; in: unknown[] };
  min?: number | string;
  max?: number | string;
  step: number;
}

export type Answers = Record<string, unknown>;

// A message of the catalogue, with the bound it speaks of.
export interface Wrong {
  message: string;
  limit?: number | string;
}

const is_box = (question: Question): boolean => question.type === "boolean" || question.type === "consent";

// A question is asked when the one it depends on is asked and its answer, or any of its answers, is listed. A box that
// says nothing says no. A circle, which no sound form has, counts as not asked.
export function is_asked(question: Question, questions: readonly Question[], answers: Answers, depth = 0): boolean {
  const condition = question.visible_if;
  if (!condition) return true;
  const other = questions.find(({ key }) => key === condition.question);
  if (!other || depth > questions.length || !is_asked(other, questions, answers, depth + 1)) return false;
  const given = answers[other.key] ?? (is_box(other) ? false : null);
  return [given].flat().some((value) => condition.in.includes(value));
}

// ── Answers ──

const text_limit = 500;
const long_text_limit = 5000;

// Blanks as the server keeps them: one at a time in a line, none around.
const tidied = (question: Question, text: string): string =>
  (question.type === "long_text" ? text : text.replace(/\s+/gu, " ")).normalize("NFC").trim();

export const is_blank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && !value.trim()) || (Array.isArray(value) && !value.length);

const number_or = (bound: number | string | undefined, otherwise: number): number =>
  typeof bound === "number" ? bound : otherwise;

function wrong_length(question: Question, text: string): Wrong | undefined {
  const most = question.type === "long_text" ? long_text_limit : text_limit;
  const limit = Math.min(number_or(question.max, long_text_limit), most);
  const least = number_or(question.min, 0);
  const length = [...text].length;
  if (length > limit) return { message: "field.too_long", limit };
  return length < least ? { message: "field.too_short", limit: least } : undefined;
}

// "2028-02-29" and no day that is on no calendar.
function is_day(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function wrong_day(question: Question, text: string): Wrong | undefined {
  if (!is_day(text)) return { message: "field.date" };
  if (typeof question.min === "string" && text < question.min) return { message: "field.day_too_early", limit: question.min };
  if (typeof question.max === "string" && text > question.max) return { message: "field.day_too_late", limit: question.max };
  return undefined;
}

function is_phone(text: string): boolean {
  const digits = text.replace(/[^0-9]/g, "").length;
  return digits >= 5 && digits <= 20 && /^[0-9 +()-]*$/.test(text);
}

const expected = (is_fine: boolean, message: string): Wrong | undefined => (is_fine ? undefined : { message });

function wrong_text(question: Question, value: unknown): Wrong | undefined {
  if (typeof value !== "string") return { message: "field.expected_text" };
  const text = tidied(question, value);
  if (question.type === "date") return wrong_day(question, text);
  if (question.type === "file") return expected(/^file-[0-9a-f]{32}$/.test(text), "field.file");
  if (question.type === "country") return expected(countries.includes(text.toUpperCase()), "field.country");
  const length = wrong_length(question, text);
  if (length) return length;
  if (question.type === "email") return expected(looks_like_email(text), "field.email");
  return expected(question.type !== "phone" || is_phone(text), "field.phone");
}

function wrong_number(question: Question, value: unknown): Wrong | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return { message: "field.expected_number" };
  if (typeof question.min === "number" && value < question.min) return { message: "field.too_small", limit: question.min };
  if (typeof question.max === "number" && value > question.max) return { message: "field.too_large", limit: question.max };
  return undefined;
}

function wrong_choices(question: Question, value: unknown): Wrong | undefined {
  if (!Array.isArray(value) || !value.every((one) => is_option(question, one))) return { message: "field.unknown_choice" };
  const count = new Set(value).size;
  const least = number_or(question.min, 0);
  if (count < least) return { message: "field.too_few_choices", limit: least };
  if (typeof question.max === "number" && count > question.max) return { message: "field.too_many_choices", limit: question.max };
  return undefined;
}

const is_option = (question: Question, value: unknown): boolean =>
  !!question.options?.some((option) => option.value === value);

function wrong_box(question: Question, value: unknown): Wrong | undefined {
  if (typeof value !== "boolean") return { message: "field.expected_boolean" };
  return expected(question.type !== "consent" || !question.required || value, "field.consent");
}

export function wrong_answer(question: Question, value: unknown): Wrong | undefined {
  if (is_box(question)) return wrong_box(question, value);
  if (question.type === "number") return wrong_number(question, value);
  if (question.type === "choice") return expected(is_option(question, value), "field.unknown_choice");
  if (question.type === "multi_choice") return wrong_choices(question, value);
  return wrong_text(question, value);
}

// What is wrong with the answer to one question that is asked, an absent one included. What is asked afterwards is never
// missing, and an unticked box is an answer.
export function wrong_with(question: Question, answers: Answers): Wrong | undefined {
  const value = answers[question.key];
  if (!is_blank(value)) return wrong_answer(question, value);
  if (!question.required || question.step !== 1 || question.type === "boolean") return undefined;
  return { message: question.type === "consent" ? "field.consent" : "field.missing" };
}

// All mistakes by question; answers of questions that are not asked do not count.
export function judge(questions: readonly Question[], answers: Answers): Map<string, Wrong> {
  const wrongs = new Map<string, Wrong>();
  for (const question of questions) {
    const wrong = is_asked(question, questions, answers) ? wrong_with(question, answers) : undefined;
    if (wrong) wrongs.set(question.key, wrong);
  }
  return wrongs;
}

// ISO 3166, two letters; the same list as the server's, which the shared cases check.
export const countries: readonly string[] = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY " +
  "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET FI " +
  "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN " +
  "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF " +
  "MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH " +
  "PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ " +
  "TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM " +
  "ZW"
).split(" ");
