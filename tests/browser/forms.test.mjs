// Forms that organisers make: what depends on other answers, files, what is asked afterwards; by mouse, by keyboard and
// without scripts, in every language, with axe.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { axe_findings, close_page, error_of, field, fill_in, languages, launch, open_page, own_status, phone, register_by_api,
  seminar, submit_of, summary_of } from "./browser.mjs";
import { start_server } from "./server.mjs";

let server;
let browser;
let cookie;

const program = resolve(fileURLToPath(import.meta.url), "../../..", process.env.KUTSU_BIN ?? "build/dev/server/kutsu");
const password = "correct horse battery";
const words = (fi, en = fi, ru = fi) => ({ fi, en, ru });
const options = (...values) => values.map((value) => ({ value, label: words(value) }));

const questions = [
  { key: "topics", type: "multi_choice", label: words("Aiheet", "Topics", "Темы"), options: options("trade", "travel", "study"), max: 2 },
  { key: "bus", type: "boolean", label: words("Tulen bussilla", "I come by bus", "Еду автобусом"),
    visible_if: { question: "topics", in: ["trade", "travel"] } },
  { key: "stop", type: "text", label: words("Pysäkki", "Stop", "Остановка"), required: true, min: 3,
    help: words("Lähin pysäkki", "The nearest stop", "Ближайшая остановка"), visible_if: { question: "bus", in: [true] } },
  { key: "people", type: "number", label: words("Montako", "How many", "Сколько"), min: 1, max: 9 },
  { key: "arrives", type: "date", label: words("Tulopäivä", "Arrival", "Приезд"), min: "2027-05-25", max: "2027-05-27" },
  { key: "land", type: "country", label: words("Maa", "Country", "Страна") },
  { key: "cv", type: "file", label: words("Ansioluettelo", "CV", "Резюме"), required: true },
  { key: "channel", type: "choice", step: 2, label: words("Tulkkaus", "Interpretation", "Перевод"), options: options("fi", "ru") },
  { key: "device", type: "text", step: 2, required: true, label: words("Laite", "Device", "Устройство"),
    visible_if: { question: "channel", in: ["ru"] } },
  { key: "diet", type: "text", step: 2, label: words("Ruokavalio", "Diet", "Питание"), special_category: true, retention_days: 14,
    purpose: "catering" },
  { key: "badge", type: "file", step: 2, label: words("Kuva", "Photo", "Фото") },
];

before(async () => {
  server = await start_server();
  browser = await launch();
  execFileSync(program, ["user", "add", "anna@example.org", "--name", "Anna", "--role", "organiser", "--password-stdin", "--data",
    server.data], { input: `${password}\n` });
  const login = await fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "anna@example.org", password }) });
  assert.equal(login.status, 200);
  cookie = login.headers.get("set-cookie").split(";")[0];
  const { csrf_token } = await login.json();
  const put = await fetch(`${server.url}/api/v1/events/${seminar}/form`, { method: "PUT", body: JSON.stringify({ version: 1, questions,
    archive: true }), headers: { "content-type": "application/json", cookie, "x-csrf-token": csrf_token } });
  assert.equal(put.status, 200, await put.text());
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const cv = { name: "oma cv.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nhello") };
const box = (page, key) => page.locator(`[data-field='answers.${key}']`);
const answers_of = async (token) => (await (await fetch(`${server.url}/api/v1/registrations/${token}`)).json()).answers;
const token_of = (page) => new URL(page.url()).pathname.split("/").at(-1);
const upload = async () => (await (await fetch(`${server.url}/api/v1/events/${seminar}/files?name=cv.pdf`, { method: "POST", body: cv.buffer })).json()).id;

test("questions appear through a chain of conditions and what they hid is not sent", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Chain", email: "chain@example.org" });
  await box(page, "bus").waitFor({ state: "hidden" });

  await box(page, "topics").getByLabel("travel").check();
  await box(page, "bus").waitFor({ state: "visible" });
  await field(page, "answers.bus").check();
  await field(page, "answers.stop").fill("Kuopio");
  await box(page, "topics").getByLabel("travel").uncheck();
  await box(page, "bus").waitFor({ state: "hidden" });
  await box(page, "stop").waitFor({ state: "hidden" });
  await field(page, "answers.cv").setInputFiles(cv);
  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  const { cv: file, ...rest } = await answers_of(token_of(page));
  assert.match(file, /^file-[0-9a-f]{32}$/);
  assert.deepEqual(rest, {});
  await close_page(page);
});

test("bounds are told beside the field, in the page's language, before anything is sent", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/ru/events/${seminar}`);
  await fill_in(page, { name: "Bounds", email: "bounds@example.org" });
  for (const topic of ["trade", "travel", "study"]) await box(page, "topics").getByLabel(topic).check();
  await field(page, "answers.bus").check();
  await field(page, "answers.stop").fill("ab");
  await field(page, "answers.people").fill("12");
  await field(page, "answers.arrives").fill("2027-05-28");
  await submit_of(page).click();

  await summary_of(page).waitFor({ state: "visible" });
  assert.deepEqual(page.sent.filter(({ method }) => method === "registration.submit"), []);
  const said = {};
  for (const key of ["topics", "stop", "people", "arrives"]) said[key] = await error_of(page, `answers.${key}`).textContent();
  assert.deepEqual(said, { topics: "Выберите не более 2.", stop: "Не менее 3 знаков.", people: "Число должно быть не больше 9.",
    arrives: "Дата должна быть не позже 2027-05-27." });
  await error_of(page, "answers.cv").waitFor({ state: "visible" });
  await close_page(page);
});

test("a file that is refused is said so beside its field, and another one may be chosen", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "File", email: "file@example.org" });
  await field(page, "answers.cv").setInputFiles({ name: "cv.pdf", mimeType: "application/pdf", buffer: Buffer.from([0x4d, 0x5a, 0, 1]) });
  await submit_of(page).click();

  await error_of(page, "answers.cv").waitFor({ state: "visible" });
  assert.match(await error_of(page, "answers.cv").textContent(), /cannot be sent/);
  await field(page, "answers.cv").setInputFiles(cv);
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  await close_page(page);
});

test("a form with a file works without scripts, and keeps the file when something else is wrong", async () => {
  const page = await open_page(browser, server, { javaScriptEnabled: false });
  await page.goto(`/fi/events/${seminar}/registrations`);
  await fill_in(page, { name: "Ilman", email: "not an address" });
  await field(page, "answers.land").selectOption("KZ");
  await field(page, "answers.cv").setInputFiles(cv);
  await submit_of(page).click();

  await page.getByText("oma cv.pdf").waitFor();
  assert.equal(await field(page, "answers.land").inputValue(), "KZ");
  await field(page, "email").fill("ilman@example.org");
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  const answers = await answers_of(token_of(page));
  assert.equal(answers.land, "KZ");
  assert.match(answers.cv, /^file-/);
  await close_page(page);
});

for (const language of languages) {
  test(`what can wait is asked afterwards, each by itself (${language})`, async () => {
    const { token } = await register_by_api(server, { name: "Later", email: `later-${language}@example.org`, answers: { cv: await upload() } });
    const page = await open_page(browser, server, language === "ru" ? { javaScriptEnabled: false } : {});
    await page.goto(`/${language}/registrations/${token}`);
    const progress = page.locator("[data-answered]");
    assert.equal(await progress.getAttribute("data-answered"), "0");
    assert.match(await page.locator("#tell-diet").textContent(), /2027/); // until when it is kept
    const save = (key) => page.locator(`#tell-${key} button`);

    await field(page, "answers.channel").selectOption("ru");
    await save("channel").click();
    await page.waitForURL("**?done=answer");
    await save("device").click(); // empty: the browser itself says so
    assert.ok(await field(page, "answers.device").evaluate((one) => one.validity.valueMissing && document.activeElement === one));
    await field(page, "answers.device").fill("FM");
    await save("device").click();
    await page.waitForURL("**?done=answer");
    await field(page, "answers.badge").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n...", "latin1") });
    await save("badge").click();
    await page.getByText("me.png").waitFor();

    assert.equal(await progress.getAttribute("data-answered"), "3");
    const answers = await answers_of(token);
    assert.deepEqual([answers.channel, answers.device], ["ru", "FM"]);
    assert.deepEqual(language === "ru" ? [] : await axe_findings(page), []);
    await close_page(page);
  });

  test(`axe finds nothing in a form of every type (${language})`, async () => {
    const page = await open_page(browser, server, { viewport: phone });
    await page.goto(`/${language}/events/${seminar}/registrations`);
    await box(page, "topics").getByLabel("trade").check();
    await field(page, "answers.bus").check();
    await submit_of(page).click();
    await summary_of(page).waitFor({ state: "visible" });

    assert.deepEqual(await axe_findings(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it fits a phone");
    await close_page(page);
  });

  test(`axe finds nothing on the organisers' page of the form (${language})`, async () => {
    const page = await open_page(browser, server, { locale: language });
    const [name, value] = cookie.split("=");
    await page.context().addCookies([{ name, value, url: server.url }]);
    for (const query of ["", "?edit=stop", `?preview=${language}`, "?version=1"]) {
      await page.goto(`/app/events/${seminar}/form${query}`);
      await page.locator("h1").waitFor();
      assert.deepEqual(await axe_findings(page), [], query);
    }
    await close_page(page);
  });
}

test("an organiser adds a question by keyboard alone", async () => {
  const page = await open_page(browser, server, { locale: "en" });
  const [name, value] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: server.url }]);
  await page.goto(`/app/events/${seminar}/form?edit=`);
  await page.locator("#field-key").focus();
  await page.keyboard.type("shoes");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Kengännumero");
  await page.keyboard.press("Enter");

  await page.waitForURL("**?done=question");
  const definition = await (await fetch(`${server.url}/api/v1/events/${seminar}/form`)).json();
  assert.deepEqual(definition.questions.at(-1).label, { fi: "Kengännumero" });
  await close_page(page);
});
