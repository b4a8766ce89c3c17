// The keyboard on a table of people (the grid pattern of the ARIA practices): arrows move from cell to cell, Home and
// End within a row, with Control to the first and last row, Space chooses a row, Enter opens it, "/" goes to the search.
// One cell at a time can be reached by Tab.

const cells_of = (row: HTMLTableRowElement): HTMLElement[] => [...row.cells];
const rows_of = (table: HTMLTableElement): HTMLTableRowElement[] => [...(table.tBodies[0]?.rows ?? [])];

export function make_grid(table: HTMLTableElement): void {
  table.setAttribute("role", "grid");
  for (const control of table.tBodies[0]?.querySelectorAll<HTMLElement>("a, input") ?? []) control.tabIndex = -1;
  for (const cell of table.tBodies[0]?.querySelectorAll<HTMLElement>("td, th") ?? []) cell.tabIndex = -1;
  const first = rows_of(table)[0]?.cells[0];
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", (event) => on_key(table, event));
  table.addEventListener("focusin", ({ target }) => {
    const cell = (target as HTMLElement).closest<HTMLElement>("tbody td, tbody th");
    if (cell) make_current(table, cell);
  });
}

function make_current(table: HTMLTableElement, cell: HTMLElement): void {
  for (const other of table.tBodies[0]!.querySelectorAll<HTMLElement>("[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
}

// Where a key leads from row and column; nothing: the key is not ours.
export function step(
  key: string, control: boolean, row: number, column: number, rows: number, columns: number,
): [number, number] | undefined {
  const page = 10;
  switch (key) {
    case "ArrowUp": return [Math.max(row - 1, 0), column];
    case "ArrowDown": return [Math.min(row + 1, rows - 1), column];
    case "ArrowLeft": return [row, Math.max(column - 1, 0)];
    case "ArrowRight": return [row, Math.min(column + 1, columns - 1)];
    case "PageUp": return [Math.max(row - page, 0), column];
    case "PageDown": return [Math.min(row + page, rows - 1), column];
    case "Home": return [control ? 0 : row, 0];
    case "End": return [control ? rows - 1 : row, columns - 1];
    default: return undefined;
  }
}

function on_key(table: HTMLTableElement, event: KeyboardEvent): void {
  const cell = (event.target as HTMLElement).closest<HTMLTableCellElement>("tbody td, tbody th");
  const row = cell?.closest("tr");
  if (!cell || !row || event.altKey || event.metaKey) return;
  const rows = rows_of(table);
  const to = step(event.key, event.ctrlKey, rows.indexOf(row), cell.cellIndex, rows.length, row.cells.length);
  if (to) cells_of(rows[to[0]]!)[to[1]]?.focus();
  else if (event.key === " ") row.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  else if (event.key === "Enter") row.querySelector<HTMLAnchorElement>("a[href]")?.click();
  else return;
  event.preventDefault();
}

export function search_by_slash(field: HTMLInputElement | null): void {
  document.addEventListener("keydown", (event) => {
    const typing = (event.target as HTMLElement).closest("input:not([type=checkbox]), textarea, select");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
