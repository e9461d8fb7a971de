/** The script of the HTML report: filters and sorts the matrix, and shows an account's paths. Without it the page is whole. */
import type { MatrixData } from '../report/html/matrix-data.ts';
import { showAccount } from './account.ts';
import { makeInteractive } from './matrix.ts';

const source = document.getElementById('data')?.textContent ?? '[]';
const clusters = JSON.parse(source) as readonly MatrixData[];
const dialog = document.getElementById('account');

for (const [at, data] of clusters.entries()) {
  const id = clusters.length > 1 || document.getElementById('c0-page') !== null ? `c${at}-` : '';
  makeInteractive(data, id, (account) => {
    if (dialog instanceof HTMLDialogElement) showAccount(dialog, data, account);
  });
}

dialog?.addEventListener('click', (event) => {
  // A click on the backdrop is one on the dialog itself, and on none of its children.
  if (event.target === dialog && dialog instanceof HTMLDialogElement) dialog.close();
});

// What is folded away would be missing on paper.
let folded: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details')].filter(({ open }) => !open);
  for (const details of folded) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of folded) details.open = false;
});
