// Ways in: a personal link that opens the form filled, the organisers' queue by keyboard alone, the seats of an
// organisation; axe finds nothing on any of them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe_findings, close_page, field, languages, launch, open_page, own_status, register_by_api, seminar, submit_of,
  summary_of } from "./browser.mjs";
import { start_server } from "./server.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = resolve(root, process.env.KUTSU_BIN ?? "build/dev/server/kutsu");
const account = { email: "organiser@example.org", password: "correct horse battery" };

let server;
let browser;
let session;

before(async () => {
  server = await start_server();
  browser = await launch();
  const adding = spawn(program, ["user", "add", account.email, "--name", "Olga", "--role", "organiser", "--password-stdin",
    "--data", server.data], { stdio: ["pipe", "ignore", "inherit"] });
  adding.stdin.end(`${account.password}\n`);
  assert.deepEqual(await once(adding, "exit"), [0, null]);
  const answer = await fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify(account) });
  session = { Cookie: answer.headers.get("set-cookie").split(";")[0], "X-CSRF-Token": (await answer.json()).csrf_token };
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function ask(method, path, content, headers = {}) {
  const answer = await fetch(`${server.url}/api/v1/events/${seminar}/${path}`, { method,
    headers: { "Content-Type": "application/json", ...session, ...headers }, body: content && JSON.stringify(content) });
  assert.ok(answer.ok, await answer.clone().text());
  return answer;
}

async function set_admission(admission) {
  const now_is = await ask("GET", "form");
  await ask("PUT", "form", { admission }, { "If-Match": now_is.headers.get("etag") });
}

async function signed_in(language) {
  const page = await open_page(browser, server, { locale: language });
  await page.goto("/app/");
  await page.locator("#field-email").fill(account.email);
  await page.locator("#field-password").fill(account.password);
  await page.locator("form[action='/app/sign-in'] button").click();
  await page.locator("form[action='/app/sign-out']").waitFor();
  return page;
}

async function nothing_is_found(page, what) {
  assert.deepEqual(await axe_findings(page), [], what);
}

// Presses Tab until the element has the focus; a page that cannot be walked by keyboard never gets there.
async function tab_to(page, locator) {
  for (let step = 0; step < 80; ++step) {
    if (await locator.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("the keyboard never reaches it");
}

test("a personal link opens the form filled, and one press registers", async () => {
  await set_admission("invitation");
  const { items: [sent] } = await (await ask("POST", "invitations",
    { items: [{ name: "Анна Иванова", email: "anna@example.org", language: "ru" }] })).json();
  const page = await open_page(browser, server);
  await page.goto(new URL(sent.link).pathname + new URL(sent.link).search);

  assert.match(page.url(), /\/ru\/events\/[^/]+\/registrations\?invitation=/);
  assert.equal(await field(page, "name").inputValue(), "Анна Иванова");
  assert.equal(await field(page, "email").inputValue(), "anna@example.org");
  assert.equal(await field(page, "invitation").inputValue(), sent.code);
  await nothing_is_found(page, "the form of an invited guest");
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  await close_page(page);
});

test("a code that is wrong is said beside its field", async () => {
  await set_admission("invitation");
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await field(page, "name").fill("Bo Berg");
  await field(page, "email").fill("bo@example.org");
  await field(page, "invitation").fill("WRON-GCOD-EXXX");
  await submit_of(page).click();

  await summary_of(page).waitFor({ state: "visible" });
  await page.locator("#error-invitation").filter({ hasText: "does not work" }).waitFor();
  await nothing_is_found(page, "a refused code");
  await close_page(page);
});

test("an invited person says no by one press", async () => {
  const { items: [sent] } = await (await ask("POST", "invitations",
    { items: [{ name: "Bo", email: "bo.invited@example.org", language: "en" }] })).json();
  const page = await open_page(browser, server, { javaScriptEnabled: false });
  await page.goto(new URL(sent.link).pathname + new URL(sent.link).search);
  await page.getByRole("button", { name: "I cannot come" }).click();

  await page.getByRole("heading", { name: "Thank you for your answer" }).waitFor();
  await close_page(page);
});

test("the queue of approvals is decided by keyboard alone", async () => {
  await set_admission("approval");
  for (const name of ["Aino Ahonen", "Boris Borg"])
    assert.equal((await register_by_api(server, { name, email: `${name.split(" ")[0]}@example.org` })).status, "pending");
  const page = await signed_in("en");
  await page.goto(`/app/events/${seminar}/approvals`);
  await nothing_is_found(page, "approvals");

  await tab_to(page, page.getByRole("checkbox", { name: "Aino Ahonen" }));
  await page.keyboard.press("Space");
  await tab_to(page, page.getByRole("button", { name: "Approve those chosen" }));
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "1 registration decided" }).waitFor();
  assert.deepEqual(await page.getByRole("checkbox", { name: /Ahonen|Borg/ }).count(), 1);

  await tab_to(page, page.getByRole("checkbox", { name: "Boris Borg" }));
  await page.keyboard.press("Space");
  await tab_to(page, page.locator("#field-template"));
  await page.keyboard.type("Other");
  await tab_to(page, page.getByRole("button", { name: "Decline those chosen" }));
  await page.keyboard.press("Enter");
  await page.getByText("Nobody is waiting for approval.").waitFor();
  await close_page(page);
});

test("an organisation's contact enters, changes and removes names without scripts", async () => {
  const page = await signed_in("en");
  await page.goto(`/app/events/${seminar}/allotments`);
  await page.getByText("Keep seats for an organisation").click();
  const fill = (name, value) => page.locator(`#field-add-${name}`).fill(value);
  await fill("organisation", "Silta ry");
  await fill("contact_name", "Maija");
  await fill("contact_email", "maija@example.org");
  await fill("seats", "2");
  await fill("until", "2027-05-20T16:00");
  await nothing_is_found(page, "allotments");
  await page.getByRole("button", { name: "Keep the seats" }).click();
  await page.getByRole("status").filter({ hasText: "kept for the organisation" }).waitFor();
  await nothing_is_found(page, "an allotment");
  await close_page(page);

  const { items: [kept] } = await (await ask("GET", "allotments")).json();
  const contact = await open_page(browser, server, { javaScriptEnabled: false });
  await contact.goto(new URL(kept.link).pathname);
  await contact.locator("#field-new-name").fill("Ville Virtanen");
  await contact.locator("#field-new-email").fill("ville@example.org");
  await contact.getByRole("button", { name: "Add", exact: true }).click();
  await contact.getByRole("status").filter({ hasText: "Saved" }).waitFor();
  await contact.getByText("Change or remove: Ville Virtanen").click();
  await contact.locator("li input[name$='.name']").fill("Kalle Korhonen");
  await contact.locator("li input[name$='.email']").fill("kalle@example.org");
  await contact.getByRole("button", { name: "Change the name" }).click();
  await contact.getByText("Change or remove: Kalle Korhonen").click();
  assert.equal(await contact.getByText("Ville Virtanen").count(), 0);
  await contact.getByRole("button", { name: "Remove: Kalle Korhonen" }).click();
  await contact.getByText("There are no names yet.").waitFor();
  await close_page(contact);
});

test("axe finds nothing in any language", async () => {
  const { items: [kept] } = await (await ask("GET", "allotments")).json();
  const page = await signed_in("en");
  for (const language of languages) {
    for (const way of ["approvals", "invitations", "allotments"]) {
      await page.goto(`/app/events/${seminar}/${way}?lang=${language}`);
      await nothing_is_found(page, `${way} in ${language}`);
    }
    await page.goto(`/${language}/allotments/${new URL(kept.link).pathname.split("/").pop()}`);
    await nothing_is_found(page, `the contact's page in ${language}`);
  }
  await close_page(page);
});
