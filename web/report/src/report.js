// Draws each chart of the page from the table that it names, as inline SVG. No figure is computed here: scales only
// place what the cells hold.
import {records} from './records.js';
import {draw} from './charts.js';

const figures = [...document.querySelectorAll('figure[data-chart]')];

function drawAll() {
  for (const figure of figures) {
    const plot = figure.querySelector('.plot');
    figure.hidden = false;
    const svg = draw(figure.dataset.chart, records(document.getElementById(figure.dataset.table)),
                     {...figure.dataset}, plot.clientWidth || 640);
    plot.replaceChildren(...svg);
  }
}

drawAll();
let width = document.documentElement.clientWidth, timer;
addEventListener('resize', () => {
  if (document.documentElement.clientWidth === width) return;
  width = document.documentElement.clientWidth;
  clearTimeout(timer);
  timer = setTimeout(drawAll, 150);
});
// On paper every table is open.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
