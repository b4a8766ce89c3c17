// What everybody sees: the list and an event's page, in three languages, on wide and narrow screens.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close_page, languages, launch, open_page, phone, seminar, spring_title, until } from "./browser.mjs";
import { start_server } from "./server.mjs";

let server;
let browser;

before(async () => {
  server = await start_server();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function sideways_overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

for (const language of languages) {
  test(`the list in ${language} names the spring seminar and leads to its page`, async () => {
    const page = await open_page(browser, server);

    await page.goto(`/${language}/`);
    await page.getByRole("link", { name: spring_title[language] }).click();

    await page.waitForURL(`**/${language}/events/${seminar}`);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    assert.equal(await page.locator("h1").textContent(), spring_title[language]);
    await close_page(page);
  });

  test(`the event's page in ${language} has one heading, landmarks, a skip link and its programme`, async () => {
    const page = await open_page(browser, server);

    await page.goto(`/${language}/events/${seminar}`);

    const numbers = await Promise.all(["h1", "main", "header nav", "[data-session]"].map((one) => page.locator(one).count()));
    assert.deepEqual(numbers, [1, 1, 1, 10]);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), "#main");
    const time = await page.locator("#session-s-spr-02 [data-live=starts]").textContent();
    assert.equal(time, language === "fi" ? "9.00" : "09:00");
    await close_page(page);
  });

  test(`the pages in ${language} fit a phone and 320 pixels without scrolling sideways`, async () => {
    for (const viewport of [phone, { width: 320, height: 640 }]) {
      const page = await open_page(browser, server, { viewport });
      for (const path of [`/${language}/`, `/${language}/events/${seminar}`, `/${language}/events/${seminar}/registrations`]) {
        await page.goto(path);
        assert.ok((await sideways_overflow(page)) <= 0, `${path} at ${viewport.width} pixels`);
      }
      await close_page(page);
    }
  });
}

test("the start page goes by the reader's languages", async () => {
  for (const [wish, language] of [["ru-RU", "ru"], ["en-GB", "en"], ["fi-FI", "fi"]]) {
    const page = await open_page(browser, server, { locale: wish });
    await page.goto("/");
    assert.equal(new URL(page.url()).pathname, `/${language}/`);
    await close_page(page);
  }
});

test("the language switch keeps the page", async () => {
  const page = await open_page(browser, server);

  await page.goto(`/fi/events/${seminar}`);
  await page.locator("header nav a[hreflang=ru]").click();

  await page.waitForURL(`**/ru/events/${seminar}`);
  assert.equal(await page.locator("h1").textContent(), spring_title.ru);
  await close_page(page);
});

test("an unknown address answers 404 in the language of its path", async () => {
  const page = await open_page(browser, server);

  for (const language of languages) {
    const response = await page.goto(`/${language}/events/no-such-event`);
    assert.equal(response.status(), 404);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
  }
  await close_page(page);
});

test("the page's policy holds, and the tests hear of it when something is against it", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);

  await page.evaluate(() => {
    const script = document.createElement("script");
    script.append("window.ran = true");
    document.head.append(script);
  });
  await until(() => page.complaints.some((one) => one.includes("TrustedScript")));
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await until(() => page.complaints.some((one) => one.includes("style-src")));

  assert.equal(await page.evaluate(() => window.ran), undefined);
  await page.context().close();
});

test("the event's page loads at most 12 kB of scripts and nothing from elsewhere", async () => {
  const page = await open_page(browser, server);
  const answers = [];
  page.on("response", (response) => answers.push(response));

  await page.goto(`/en/events/${seminar}`, { waitUntil: "networkidle" });

  assert.deepEqual([...new Set(answers.map((one) => new URL(one.url()).origin))], [server.url]);
  const scripts = answers.filter((one) => one.request().resourceType() === "script");
  const sizes = await Promise.all(scripts.map(async (one) => (await one.request().sizes()).responseBodySize));
  assert.ok(scripts.length >= 2, "the page has its scripts");
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 12_000, `scripts of ${sizes} bytes`);
  await close_page(page);
});
