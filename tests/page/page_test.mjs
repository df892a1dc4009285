// Opens a report in headless Chromium with the network off and holds it to what it promises.
//   node page_test.mjs REPORT.html PACKAGES SCREENSHOTS
// PACKAGES is the folder into which tools/setup --tests put playwright-core and axe-core.
import {createRequire} from 'node:module';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {execFileSync} from 'node:child_process';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [page, packages, screenshots] = process.argv.slice(2);
const require = createRequire(join(resolve(packages), 'x.js'));
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const patience = 180_000; // ms: the machine may be busy with other tests
const faults = [];
const hold = (holds, claim) => holds || faults.push(claim);

/** A page with nothing but its file: whatever else it asks for is a fault. */
async function open(browser, options) {
  const context = await browser.newContext({offline: true, ...options});
  context.setDefaultTimeout(patience);
  const tab = await context.newPage();
  tab.on('console', message => ['error', 'warning'].includes(message.type()) && faults.push(`console: ${message.text()}`));
  tab.on('pageerror', error => faults.push(`script: ${error.message}`));
  tab.on('request', request => {
    const url = request.url();
    hold(url.startsWith('file:') && url.endsWith('.html') || url.startsWith('data:') || url.startsWith('blob:'), `asks for ${url}`);
  });
  await tab.goto(pathToFileURL(resolve(page)).href);
  return tab;
}

/** Every chart is drawn and has its table; every link of a sentence leads to a cell that says the same. */
const looksAtCharts = () => {
  const faults = [];
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    const table = document.getElementById(figure.dataset.table);
    if (!table) faults.push(`chart ${figure.dataset.chart} has no table`);
    const pictures = figure.querySelectorAll('svg');
    if (pictures.length === 0) faults.push(`chart ${figure.dataset.chart} of ${figure.dataset.table} is not drawn`);
    for (const picture of pictures) {
      if (picture.querySelectorAll('path, rect, circle, line').length < 2) faults.push(`chart of ${figure.dataset.table} is empty`);
      if (/NaN|undefined/.test(picture.outerHTML)) faults.push(`chart of ${figure.dataset.table} holds NaN or undefined`);
    }
  }
  const links = [...document.querySelectorAll('.answer a')];
  if (links.length === 0) faults.push('no figure of the answer leads to its table');
  for (const link of links) {
    const cells = [...document.querySelector(link.getAttribute('href')).querySelectorAll('td, th')].map(cell => cell.textContent.trim());
    const said = link.textContent.trim();
    if (!cells.some(cell => cell !== '' && (said === cell || said.endsWith(` ${cell}`) || said.startsWith(`${cell} `))))
      faults.push(`the answer says "${said}", its table does not`);
  }
  if (document.querySelectorAll('figure[data-chart]').length === 0) faults.push('no chart at all');
  return faults;
};

async function look(browser, name, options) {
  const tab = await open(browser, options);
  faults.push(...(await tab.evaluate(looksAtCharts)).map(fault => `${name}: ${fault}`));
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  hold(wide <= 0, `${name}: the page is ${wide} pixels wider than the window`);
  await tab.evaluate(axe);
  const {violations} = await tab.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  for (const violation of violations)
    faults.push(`${name}: axe ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`);
  await tab.screenshot({timeout: patience, path: join(screenshots, `${name}.png`), fullPage: true});
  await tab.context().close();
}

async function readWithoutScripts(browser) {
  const tab = await open(browser, {javaScriptEnabled: false, viewport: {width: 1400, height: 900}});
  hold(await tab.locator('table').first().isVisible(), 'without scripts: no table to be seen');
  hold(await tab.locator('figure:visible').count() === 0, 'without scripts: empty frames of charts');
  await tab.context().close();
}

async function print(browser) {
  const tab = await open(browser, {viewport: {width: 1000, height: 900}});
  const file = join(screenshots, 'print.pdf');
  writeFileSync(file, await tab.pdf({preferCSSPageSize: true, printBackground: true}));
  const sheets = execFileSync('pdftotext', ['-layout', file, '-'], {encoding: 'utf8', maxBuffer: 1 << 26}).split('\f').slice(0, -1);
  hold(sheets.length >= 2, 'on paper: one sheet only');
  sheets.forEach((text, i) => {
    hold(text.includes('conditional on these inputs, not a forecast'), `on paper: sheet ${i + 1} does not say that it is no forecast`);
    hold(text.trim().split('\n').length > 3, `on paper: sheet ${i + 1} is empty`);
  });
  await tab.context().close();
}

mkdirSync(screenshots, {recursive: true});
const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: patience, args: ['--no-sandbox', '--disable-gpu']});
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1400, 400]) {
      await look(browser, `${colorScheme}-${width}`, {colorScheme, viewport: {width, height: 900}, deviceScaleFactor: 1});
    }
  }
  await readWithoutScripts(browser);
  await print(browser);
} finally {
  await browser.close();
}
for (const fault of new Set(faults)) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
