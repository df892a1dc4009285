// One function a kind of chart: from records and the columns that play each role to SVG elements.
import * as Plot from '@observablehq/plot';
import {sankey, sankeyLinkHorizontal} from 'd3-sankey';
import {feature} from 'topojson-client';
import world from 'world-atlas/land-110m.json';

const land = feature(world, world.objects.land);
const series = i => `var(--series-${(i % 6) + 1})`;

const scales = [[1e21, 'Z'], [1e18, 'E'], [1e15, 'P'], [1e12, 'tn'], [1e9, 'bn'], [1e6, 'm'], [1e3, 'k']];
function short(value) {
  for (const [scale, word] of scales) {
    if (Math.abs(value) >= scale) return `${+(value / scale).toPrecision(3)} ${word}`;
  }
  return `${+value.toPrecision(3)}`;
}
/** With as many digits as it takes to tell values of this spread apart. */
function shortAmong(values) {
  const most = Math.max(...values.map(Math.abs)), spread = Math.max(...values) - Math.min(...values);
  const digits = Math.min(12, Math.max(3, Math.ceil(Math.log10(most / (spread || most))) + 2));
  const [scale, word] = scales.find(([size]) => most >= size) ?? [1, ''];
  return value => `${+(value / scale).toPrecision(digits)} ${word}`.trim();
}
const percent = value => `${Math.round(value * 100)} %`;

/** How to read the roles of a record: at(record, 'x') is the value, text(record, 'x') what the table shows. */
function roles(columns) {
  const at = (record, role) => record[columns[role]]?.value ?? null;
  const text = (record, role) => record[columns[role]]?.text ?? '';
  return {at, text, has: role => columns[role] !== undefined, ticks: columns.format === 'odds' ? percent : short};
}

function svg(options) {
  const plot = Plot.plot({style: {background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible'}, ...options});
  plot.setAttribute('aria-hidden', 'true');
  plot.removeAttribute('aria-label');
  return plot;
}

const unique = values => [...new Set(values)];
const longest = texts => Math.max(0, ...texts.map(text => text.length));
const isQuarter = value => /^\d{4}Q[1-4]$/.test(value);

/** Quarters as numbers of years, so that bars have lengths: 2026Q3 begins at 2026.5. */
const start = quarter => Number(quarter.slice(0, 4)) + (Number(quarter.slice(5)) - 1) / 4;
const quarterAt = year => `${Math.floor(year)}Q${Math.round((year % 1) * 4) + 1}`;

/** Names take at most two fifths of the width; longer ones are cut, the table has them whole. */
function nameMargin(names, width) {
  return Math.min(7 * longest(names) + 14, Math.floor(width * 0.42));
}
function cut(name, margin) {
  const room = Math.floor((margin - 14) / 6.6);
  return name.length <= room ? name : `${name.slice(0, room - 1)}…`;
}

/** One small picture a series, each with its own scale. */
function panels(records, columns, marks) {
  const {at, has, ticks} = roles(columns);
  const names = has('series') ? unique(records.map(record => at(record, 'series'))) : [''];
  return names.map(name => {
    const rows = has('series') ? records.filter(record => at(record, 'series') === name) : records;
    const xs = unique(rows.map(row => at(row, 'x')));
    const quarters = xs.every(x => isQuarter(String(x)));
    const panel = document.createElement('div');
    panel.className = names.length > 1 ? 'panel' : 'panel alone';
    const heading = document.createElement('p');
    heading.textContent = name;
    heading.setAttribute('aria-hidden', 'true');
    panel.append(heading, svg({
      width: names.length > 1 ? 250 : 520, height: names.length > 1 ? 150 : 260, marginLeft: 54, marginRight: has('mark') ? 34 : 10, marginTop: has('mark') ? 18 : 8,
      x: quarters ? {type: 'point', label: null, ticks: xs.filter(x => x.endsWith('Q1')), tickFormat: x => x.slice(0, 4)}
                  : {label: null, nice: true, ticks: 4, tickFormat: columns.xformat === 'odds' ? percent : short},
      y: {label: null, ticks: 4, tickFormat: ticks, grid: true, zero: columns.zero !== 'no',
          ...(columns.format === 'odds' ? {domain: [0, 1]} : {})},
      marks: marks(rows),
    }));
    return panel;
  });
}

function fan(records, columns) {
  const {at} = roles(columns);
  return panels(records, columns, rows => [
    Plot.areaY(rows, {x: r => at(r, 'x'), y1: r => at(r, 'low'), y2: r => at(r, 'high'), fill: series(0), fillOpacity: 0.25}),
    Plot.lineY(rows, {x: r => at(r, 'x'), y: r => at(r, 'low'), stroke: series(0), strokeWidth: 0.75}),
    Plot.lineY(rows, {x: r => at(r, 'x'), y: r => at(r, 'high'), stroke: series(0), strokeWidth: 0.75}),
    Plot.lineY(rows, {x: r => at(r, 'x'), y: r => at(r, 'middle'), stroke: series(0), strokeWidth: 2}),
    Plot.ruleY([0], {stroke: 'var(--faint)'}),
  ]);
}

function lines(records, columns) {
  const {at, has, text} = roles(columns);
  return panels(records, columns, rows => {
    const x = r => at(r, 'x');
    const band = has('low') ? [Plot.areaY(rows.filter(r => at(r, 'low') !== null),
      {x, y1: r => at(r, 'low'), y2: r => at(r, 'high'), fill: series(1), fillOpacity: 0.25})] : [];
    const second = has('second') ? [Plot.lineY(rows.filter(r => at(r, 'second') !== null),
      {x, y: r => at(r, 'second'), stroke: series(1), strokeWidth: 2, strokeDasharray: '5 3'})] : [];
    const marked = has('mark') ? rows.filter(r => at(r, 'mark')) : [];
    const marks = marked.length === 0 ? [] : [
      Plot.dot(marked, {x, y: r => at(r, 'y'), r: 4.5, fill: r => at(r, 'mark') === 'now' ? series(0) : 'var(--page)', stroke: series(0), strokeWidth: 2}),
      Plot.text(marked, {x, y: r => at(r, 'y'), text: r => text(r, 'mark'), textAnchor: 'start', dx: 8, dy: -9, fill: 'currentColor',
                         stroke: 'var(--page)', strokeWidth: 4, paintOrder: 'stroke'}),
    ];
    const dots = !has('mark') && rows.length <= 40 ? [Plot.dot(rows, {x, y: r => at(r, 'y'), fill: series(0), r: 2.5})] : [];
    return [...band, ...second, Plot.lineY(rows, {x, y: r => at(r, 'y'), stroke: series(0), strokeWidth: 2}), ...dots,
            Plot.ruleY([0], {stroke: has('mark') ? 'currentColor' : 'var(--faint)'}), ...marks];
  });
}

/** Bars; with low and high, a line from one to the other over each. */
function bars(records, columns, width) {
  const {at, text, ticks, has} = roles(columns);
  const rows = records.filter(record => !record.isSum && at(record, 'value') !== null);
  const names = unique(rows.map(r => at(r, 'label')));
  const margin = nameMargin(names, width);
  return [svg({
    width, height: 26 * names.length + 40, marginLeft: margin, marginRight: 70,
    x: {label: null, tickFormat: ticks, ticks: Math.max(2, Math.floor(width / 150)), grid: true},
    y: {label: null, domain: names, tickSize: 0, tickFormat: name => cut(name, margin)},
    marks: [
      Plot.barX(rows, {x: r => at(r, 'value'), y: r => at(r, 'label'), fill: series(0), insetTop: 2, insetBottom: 2}),
      ...(has('low') ? interval(rows.filter(r => at(r, 'low') !== null && at(r, 'high') !== null), at) : []),
      Plot.text(rows, {x: r => Math.max(at(r, 'value'), at(r, 'high') ?? -Infinity), y: r => at(r, 'label'), text: r => text(r, 'value'),
                       textAnchor: 'start', dx: 7, fill: 'currentColor'}),
      Plot.ruleX([0], {stroke: 'var(--faint)'}),
    ],
  })];
}

function interval(rows, at) {
  const y = r => at(r, 'label');
  return [
    Plot.ruleY(rows, {x1: r => at(r, 'low'), x2: r => at(r, 'high'), y, stroke: 'currentColor', strokeWidth: 1.5}),
    ...['low', 'high'].map(end => Plot.tickX(rows, {x: r => at(r, end), y, stroke: 'currentColor', strokeWidth: 1.5, insetTop: 6, insetBottom: 6})),
  ];
}

function waterfall(records, columns, width) {
  const {at, text, ticks} = roles(columns);
  const names = records.map(r => at(r, 'label'));
  const margin = nameMargin(names, width);
  const fill = r => r.isSum || r === records[0] ? series(0) : at(r, 'to') > at(r, 'from') ? 'var(--up)' : 'var(--down)';
  return [svg({
    width, height: 34 * records.length + 40, marginLeft: margin, marginRight: 80,
    x: {label: null, tickFormat: ticks, ticks: Math.max(2, Math.floor(width / 170)), grid: true},
    y: {label: null, domain: names, tickSize: 0, tickFormat: name => cut(name, margin)},
    marks: [
      Plot.barX(records, {x1: r => at(r, 'from'), x2: r => at(r, 'to'), y: r => at(r, 'label'), fill, insetTop: 4, insetBottom: 4}),
      Plot.text(records, {x: r => Math.max(at(r, 'from'), at(r, 'to')), y: r => at(r, 'label'), text: r => text(r, 'value'),
                          textAnchor: 'start', dx: 5, fill: 'currentColor'}),
      Plot.ruleX([0], {stroke: 'var(--faint)'}),
    ],
  })];
}

function tornado(records, columns, width) {
  const {at, text, ticks, has} = roles(columns);
  const rows = records.filter(r => at(r, 'low') !== null && at(r, 'high') !== null);
  const names = rows.map(r => at(r, 'label'));
  const margin = nameMargin(names, width);
  const base = has('base') && rows.length ? [at(rows[0], 'base')] : [];
  return [legend(['input at its low end', 'input at its high end']), svg({
    width, height: 28 * names.length + 40, marginLeft: margin, marginRight: 30,
    x: {label: null, tickFormat: ticks, ticks: Math.max(2, Math.floor(width / 170)), grid: true, nice: true},
    y: {label: null, domain: names, tickSize: 0, tickFormat: name => cut(name, margin)},
    marks: [
      Plot.barX(rows, {x1: r => has('base') ? at(r, 'base') : at(r, 'low'), x2: r => at(r, 'low'), y: r => at(r, 'label'), fill: series(0),
                       insetTop: 3, insetBottom: 3}),
      Plot.barX(rows, {x1: r => has('base') ? at(r, 'base') : at(r, 'low'), x2: r => at(r, 'high'), y: r => at(r, 'label'), fill: series(1),
                       insetTop: 3, insetBottom: 3}),
      Plot.ruleX(base, {stroke: 'currentColor'}),
    ],
  })];
}

function gantt(records, columns, width) {
  const {at, text, has} = roles(columns);
  const rows = records.filter(r => isQuarter(at(r, 'from')) && isQuarter(at(r, 'to')));
  const names = unique(rows.map(r => at(r, 'label')));
  const kinds = has('series') ? unique(rows.map(r => at(r, 'series'))) : [''];
  const margin = nameMargin(names, width);
  const from = r => start(at(r, 'from')), to = r => start(at(r, 'to')) + 0.25;
  const first = Math.min(...rows.map(from)), last = Math.max(...rows.map(to));
  const quarters = Plot.scale({x: {domain: [first, last]}}) && Array.from({length: Math.round((last - first) * 4) + 1}, (_, i) => first + i / 4);
  const shown = (width - margin) / quarters.length < 48 ? quarters.filter(q => q % 1 === 0) : quarters.slice(0, -1);
  const picture = svg({
    width, height: 26 * names.length + 40, marginLeft: margin, marginRight: 16, marginTop: 26, marginBottom: 10,
    x: {axis: 'top', label: null, domain: [first, last], ticks: shown, tickFormat: quarterAt, grid: true},
    y: {label: null, domain: names, tickSize: 0, tickFormat: name => cut(name, margin)},
    marks: [
      Plot.barX(rows, {x1: from, x2: to, y: r => at(r, 'label'), fill: r => series(kinds.indexOf(at(r, 'series'))), fillOpacity: 0.35,
                       stroke: r => series(kinds.indexOf(at(r, 'series'))), insetTop: 3, insetBottom: 3, insetLeft: 1, insetRight: 1}),
      ...(has('middle') ? [Plot.tickX(rows.filter(r => isQuarter(at(r, 'middle'))), {x: r => start(at(r, 'middle')) + 0.125, y: r => at(r, 'label'),
        stroke: r => series(kinds.indexOf(at(r, 'series'))), strokeWidth: 3, insetTop: 3, insetBottom: 3})] : []),
      Plot.text(rows.filter(r => (to(r) - from(r)) / (last - first) * (width - margin) > 8 * text(r, 'note').length),
                {x: from, y: r => at(r, 'label'), text: r => text(r, 'note'), textAnchor: 'start', dx: 5, fill: 'currentColor'}),
    ],
  });
  return kinds.length > 1 ? [legend(kinds), picture] : [picture];
}

function legend(names) {
  const list = document.createElement('p');
  list.className = 'legend';
  list.setAttribute('aria-hidden', 'true');
  names.forEach((name, i) => {
    const mark = document.createElement('span');
    mark.style.setProperty('--mark', series(i));
    mark.textContent = name;
    list.append(mark);
  });
  return list;
}

function points(records, columns, width) {
  const {at, text, ticks} = roles(columns);
  const rows = records.filter(r => at(r, 'x') !== null && at(r, 'y') !== null);
  return [svg({
    width: Math.min(width, 640), height: 320, marginLeft: 104, marginRight: 40, marginBottom: 40,
    x: {label: columns.xname, tickFormat: columns.xformat === 'odds' ? percent : shortAmong(rows.map(r => at(r, 'x'))), ticks: 5, nice: true, grid: true},
    y: {label: columns.yname, tickFormat: columns.format === 'odds' ? ticks : shortAmong(rows.map(r => at(r, 'y'))), ticks: 5, nice: true, grid: true, zero: false},
    marks: [
      Plot.line(rows, {x: r => at(r, 'x'), y: r => at(r, 'y'), stroke: 'var(--faint)'}),
      Plot.dot(rows, {x: r => at(r, 'x'), y: r => at(r, 'y'), fill: series(0), r: 4}),
      Plot.text(rows, {x: r => at(r, 'x'), y: r => at(r, 'y'), text: r => text(r, 'label'), textAnchor: 'start', dx: 7, dy: -7,
                       fill: 'currentColor'}),
    ],
  })];
}

function map(records, columns, width) {
  const {at} = roles(columns);
  const rows = records.filter(r => at(r, 'latitude') !== null);
  return [svg({
    width, height: Math.round(width * 0.49), projection: {type: 'equal-earth'}, r: {range: [3, Math.max(7, width / 70)]},
    marks: [
      Plot.sphere({stroke: 'var(--faint)'}),
      Plot.geo(land, {fill: 'var(--land)'}),
      Plot.dot(rows, {x: r => at(r, 'longitude'), y: r => at(r, 'latitude'), r: r => at(r, 'value') ?? 1, fill: series(1), fillOpacity: 0.6,
                      stroke: series(1)}),
      Plot.text(rows, {x: r => at(r, 'longitude'), y: r => at(r, 'latitude'), text: r => at(r, 'label'), textAnchor: 'start',
                       dx: Math.max(8, width / 65), fill: 'currentColor', stroke: 'var(--page)', strokeWidth: 4,
                       paintOrder: 'stroke', fontWeight: 600}),
    ],
  })];
}

const svgElement = (name, attributes, text = '') => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

/** Where flows lie is d3-sankey's; the paths are drawn here, since Plot has no mark for them. */
function flows(records, columns, wanted) {
  const {at, text} = roles(columns);
  const width = Math.max(wanted, 660);
  const names = unique(records.flatMap(r => [at(r, 'from'), at(r, 'to')]));
  const height = Math.max(240, 30 * names.length);
  const {nodes, links} = sankey().nodeWidth(10).nodePadding(14).nodeSort(null).extent([[1, 10], [width - 1, height - 10]])({
    nodes: names.map(name => ({name})),
    links: records.map(r => ({source: names.indexOf(at(r, 'from')), target: names.indexOf(at(r, 'to')), value: at(r, 'value'), text: text(r, 'value')})),
  });
  const picture = svgElement('svg', {viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true', class: 'sankey'});
  for (const link of links) {
    const path = svgElement('path', {d: sankeyLinkHorizontal()(link), fill: 'none', stroke: series(link.source.index), 'stroke-opacity': 0.4,
                                     'stroke-width': Math.max(1, link.width)});
    path.append(svgElement('title', {}, `${link.source.name} → ${link.target.name}: ${link.text}`));
    picture.append(path);
  }
  for (const node of nodes) {
    const last = node.x1 > width - 20;
    picture.append(
      svgElement('rect', {x: node.x0, y: node.y0, width: node.x1 - node.x0, height: Math.max(1, node.y1 - node.y0), fill: 'currentColor'}),
      svgElement('text', {x: last ? node.x0 - 6 : node.x1 + 6, y: (node.y0 + node.y1) / 2, dy: '0.35em', 'text-anchor': last ? 'end' : 'start'}, node.name));
  }
  return [picture];
}

const kinds = {fan, lines, bars, waterfall, tornado, gantt, points, map, sankey: flows};

export function draw(kind, records, columns, width) {
  return kinds[kind](records, columns, width);
}
