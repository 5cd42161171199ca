// Draws what the server has drawn once more, to be looked into and enlarged. Where that fails, the server's drawing stays.
(function () {
  'use strict';

  const POINTS = 1000;
  const EQUITY_HEIGHT = 280;
  const DRAWDOWN_HEIGHT = 130;
  const AXIS = 84;

  // Of the theme that is shown: the property itself holds the colours of both.
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name) => {
    probe.style.color = 'var(--' + name + ')';
    return getComputedStyle(probe).color;
  };
  const written = (value, digits) => value.toLocaleString('en-US',
      {minimumFractionDigits: digits, maximumFractionDigits: digits}).replace('-', '\u2212');
  const money = (value) => written(value, 2);
  const percent = (value) => written(value * 100, 2) + ' %';
  const shortly = (value) => value.toLocaleString('en-US', {maximumFractionDigits: Math.abs(value) < 1 ? 8 : 4}).replace('-', '\u2212');

  function axes(showsBars, write) {
    const common = {
      stroke: colour('muted'),
      font: '12px system-ui, sans-serif',
      grid: {stroke: colour('line'), width: 1},
      ticks: {stroke: colour('line'), width: 1},
    };
    return [
      {...common, size: showsBars ? 34 : 10, ticks: {...common.ticks, show: showsBars},
        values: (u, splits) => splits.map((bar) => showsBars && Number.isInteger(bar) ? 'bar ' + shortly(bar) : '')},
      {...common, size: AXIS, values: (u, splits) => splits.map(write)},
    ];
  }

  // Up for what was bought, down for what was sold: told by shape as well as by colour.
  function markers(u, fills) {
    if (!fills) {
      return;
    }
    const size = 5 * devicePixelRatio;
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    u.ctx.clip();
    fills.step.forEach((step, i) => {
      if (step === null || fills.equity[i] === null) {
        return;
      }
      const bought = fills.side[i] === 'buy';
      const x = u.valToPos(step, 'x', true);
      const y = u.valToPos(fills.equity[i], 'y', true);
      const down = bought ? 1 : -1;
      u.ctx.fillStyle = colour(bought ? 'good' : 'bad');
      u.ctx.strokeStyle = colour('surface');
      u.ctx.lineWidth = devicePixelRatio;
      u.ctx.beginPath();
      u.ctx.moveTo(x, y + down * 0.6 * size);
      u.ctx.lineTo(x - size, y + down * 2.4 * size);
      u.ctx.lineTo(x + size, y + down * 2.4 * size);
      u.ctx.closePath();
      u.ctx.fill();
      u.ctx.stroke();
    });
    u.ctx.restore();
  }

  function equityOf(data) {
    const columns = [[data.step, data.value]];
    const series = [{label: 'Equity', stroke: colour('accent'), width: 2, spanGaps: true, points: {show: false}}];
    const options = {scales: {x: {time: false}}, bands: []};
    if (data.benchmark) {
      columns.unshift([data.benchmark.step, data.benchmark.value]);
      series.unshift({label: 'Market', stroke: colour('muted'), width: 1.5, dash: [5, 4], spanGaps: true,
        points: {show: false}});
    }
    if (data.band) {
      columns.unshift([data.band.step, data.band.high, data.band.low]);
      const edge = {stroke: colour('warn'), width: 1, spanGaps: true, points: {show: false}};
      series.unshift({label: 'high', ...edge}, {label: 'low', ...edge});
      options.bands.push({series: [1, 2], fill: colour('warn-soft')});
    }
    options.series = [{}, ...series];
    options.axes = axes(false, shortly);
    return {options, columns: uPlot.join(columns)};
  }

  function drawdownOf(data) {
    const fall = [data.drawdown.step, data.drawdown.value];
    // As far as the other pane reaches: the band lies ahead of the account.
    const ahead = data.band ? [data.band.step, data.band.step.map(() => null)] : null;
    return {
      options: {
        scales: {x: {time: false}, y: {range: (u, least) => [Math.min(least * 1.05, -0.001), 0]}},
        series: [{}, ...(ahead ? [{show: false}] : []), {label: 'Drawdown', stroke: colour('bad'), width: 1.5,
          fill: colour('bad-soft'), fillTo: 0, spanGaps: true, points: {show: false}}],
        axes: axes(true, (value) => written(value * 100, 1) + ' %'),
      },
      columns: uPlot.join(ahead ? [ahead, fall] : [fall]),
    };
  }

  function lastAt(steps, step) {
    let low = 0;
    let high = steps.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (steps[middle] <= step) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return steps.length > 0 && steps[low] <= step ? low : -1;
  }

  // What stands at a bar, in words, under the drawing.
  function told(data, step) {
    const parts = ['Bar ' + step];
    const at = lastAt(data.step, step);
    if (at >= 0 && step <= data.step[data.step.length - 1]) {
      if (data.at) {
        parts.push(data.at[at].slice(0, 16).replace('T', ' ') + ' UTC');
      }
      parts.push('equity ' + money(data.value[at]));
      parts.push('drawdown ' + percent(data.drawdown.value[lastAt(data.drawdown.step, step)]));
      if (data.benchmark) {
        parts.push('market ' + money(data.benchmark.value[lastAt(data.benchmark.step, step)]));
      }
    }
    const expected = data.band ? lastAt(data.band.step, step) : -1;
    if (expected >= 0) {
      parts.push('expected ' + money(data.band.low[expected]) + ' to ' + money(data.band.high[expected]));
    }
    if (data.fills) {
      data.fills.step.forEach((bar, i) => {
        if (bar === step && parts.length < 9) {
          parts.push(data.fills.side[i] + ' ' + shortly(data.fills.quantity[i]) + ' ' + data.fills.asset[i]
              + ' at ' + shortly(data.fills.price[i]));
        }
      });
    }
    return parts.join(' · ');
  }

  // Which columns there are: others need other series.
  const shapeOf = (data) => [data.benchmark, data.band, data.fills].map(Boolean).join();

  function draw(panes, first) {
    const frames = [...panes.querySelectorAll('.pane')];
    const note = document.createElement('p');
    note.className = 'readout';
    note.setAttribute('aria-hidden', 'true');
    const hint = 'Point at the curve for its figures; drag across to enlarge, double-click for all.';
    note.textContent = hint;
    const drawings = frames.map((frame) => {
      const drawing = document.createElement('div');
      drawing.className = 'plot';
      drawing.setAttribute('role', 'img');
      frame.removeAttribute('tabindex');
      frame.removeAttribute('role');
      frame.removeAttribute('aria-label');
      frame.append(drawing);
      return drawing;
    });
    panes.append(note);
    panes.classList.add('drawn');
    // From now on it is this script that keeps it up to date.
    panes.setAttribute('data-keep', '');
    const key = 'equity' + Math.random();
    let data = first;
    let plots = [];

    const all = () => [equityOf(data), drawdownOf(data)];

    // What is drawn, in the words of the server.
    function say() {
      const words = panes.parentNode.querySelectorAll('figcaption > p');
      drawings.forEach((drawing, i) => drawing.setAttribute('aria-label', words[i].textContent));
    }

    function make() {
      plots.forEach((plot) => plot.destroy());
      plots = all().map((made, i) => {
        const tell = (u) => {
          const index = u.cursor.idx;
          note.textContent = index === null || index === undefined ? hint : told(data, u.data[0][index]);
        };
        return new uPlot({
          ...made.options,
          width: drawings[i].clientWidth,
          height: i === 0 ? EQUITY_HEIGHT : DRAWDOWN_HEIGHT,
          legend: {show: false},
          padding: [10, 12, 0, 0],
          cursor: {sync: {key, scales: ['x', null]}, y: false, points: {show: false}},
          hooks: i === 0 ? {draw: [(u) => markers(u, data.fills)], setCursor: [tell]} : {},
        }, made.columns, drawings[i]);
      });
    }

    // Who has enlarged a stretch goes on looking at it.
    function renew(next) {
      const same = shapeOf(next) === shapeOf(data);
      const bars = plots[0].data[0];
      const {min, max} = plots[0].scales.x;
      data = next;
      if (same) {
        all().forEach((made, i) => plots[i].setData(made.columns));
      } else {
        make();
      }
      if (min > bars[0] || max < bars[bars.length - 1]) {
        plots.forEach((plot) => plot.setScale('x', {min, max}));
      }
    }

    make();
    say();
    document.addEventListener('theme', make);
    new ResizeObserver(() => plots.forEach((plot, i) => {
      const width = drawings[i].clientWidth;
      if (width > 0 && width !== plot.width) {
        plot.setSize({width, height: plot.height});
      }
    })).observe(panes);
    return (next) => {
      renew(next);
      say();
    };
  }

  const drawn = new WeakMap();

  async function load(panes) {
    const known = drawn.get(panes) || {version: null, renew: null};
    const version = panes.dataset.version;
    if (known.version === version) {
      return;
    }
    drawn.set(panes, {...known, version});
    try {
      const found = await fetch(panes.dataset.equity + '?points=' + POINTS, {headers: {Accept: 'application/json'}});
      if (!found.ok) {
        throw new Error('status ' + found.status);
      }
      const data = await found.json();
      const {renew} = drawn.get(panes);
      if (renew) {
        renew(data);
      } else if (data.count > 1) {
        drawn.set(panes, {version, renew: draw(panes, data)});
      }
    } catch (e) {
      // It is tried again when the page is next renewed.
      drawn.set(panes, {...drawn.get(panes), version: null});
    }
  }

  const loadAll = () => document.querySelectorAll('[data-equity]').forEach(load);
  loadAll();
  document.addEventListener('renewed', loadAll);
})();
