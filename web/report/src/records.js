// A table of the page as records: one a row of data, {column: {value, text}}. Where a column was laid out across the
// page, the records are those of the data again: one for each of its values.

function cell(element) {
  const text = element.textContent.trim();
  const {v} = element.dataset;
  return {value: v === undefined ? (text === '-' ? null : text) : Number(v), text};
}

export function records(table) {
  const heads = [...table.tHead.rows[0].cells].map(head => head.dataset);
  const {across} = table.dataset;
  const result = [];
  let groups = new Map();
  for (const row of table.tBodies[0].rows) {
    const cells = [...row.cells];
    const words = {};
    heads.forEach((head, i) => {
      if (head.c) words[head.c] = cell(cells[i]);
    });
    if (!across) {
      result.push({...words, isSum: row.classList.contains('sum')});
      continue;
    }
    const figure = heads.findIndex(head => head.figure !== undefined);
    heads.forEach((head, i) => {
      if (head.a === undefined) return;
      const key = JSON.stringify([Object.values(words).map(word => word.text), head.a]);
      if (!groups.has(key)) {
        groups.set(key, {...words, [across]: {value: head.a, text: head.a}});
        result.push(groups.get(key));
      }
      for (const column of cells[figure].dataset.f.split(' ')) groups.get(key)[column] = cell(cells[i]);
    });
  }
  return result;
}
