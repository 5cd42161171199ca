// What pages do beyond being read. All of them can be read without it.
(function () {
  'use strict';

  const byId = (id) => document.getElementById(id);

  function remembered(storage, key, value) {
    try {
      if (value === undefined) {
        return storage().getItem(key);
      }
      storage().setItem(key, value);
    } catch (e) {
      // Storage is off: nothing is remembered from page to page.
    }
    return null;
  }

  // Whether changing the page now would take something from whoever reads it.
  function isInUse() {
    const selection = document.getSelection();
    return document.hidden || document.querySelector('dialog[open]') !== null
        || (selection !== null && selection.type === 'Range');
  }

  function switchable(button, paused, words, change) {
    let is = paused;
    const tell = () => {
      button.textContent = (is ? 'Resume ' : 'Pause ') + words;
    };
    tell();
    button.addEventListener('click', () => {
      is = !is;
      tell();
      change(is);
    });
  }

  // Theme: the system's, light, dark, and round again.
  function theme() {
    const button = byId('theme');
    const root = document.documentElement;
    const order = ['system', 'light', 'dark'];
    const now = () => root.dataset.theme || 'system';
    const next = () => order[(order.indexOf(now()) + 1) % order.length];
    const tell = () => {
      button.textContent = 'Theme: ' + now();
      button.title = 'Change to ' + next();
    };
    button.addEventListener('click', () => {
      const chosen = next();
      if (chosen === 'system') {
        delete root.dataset.theme;
      } else {
        root.dataset.theme = chosen;
      }
      remembered(() => localStorage, 'theme', chosen);
      tell();
      document.dispatchEvent(new Event('theme'));
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change',
        () => document.dispatchEvent(new Event('theme')));
    tell();
  }

  // As Figures.ago writes it.
  function ago(seconds) {
    if (seconds < 1) {
      return 'just now';
    }
    const span = seconds < 120 ? seconds + ' s'
        : seconds < 7200 ? Math.floor(seconds / 60) + ' min'
        : seconds < 172800 ? Math.floor(seconds / 3600) + ' h'
        : Math.floor(seconds / 86400) + ' days';
    return span + ' ago';
  }

  // What is the same in another version of a list: its id, or where its first link leads.
  function identity(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      return node.nodeName;
    }
    const link = node.nodeName === 'TR' || node.nodeName === 'LI' ? node.querySelector('a[href]') : null;
    return node.nodeName + (node.id ? '#' + node.id : link ? link.getAttribute('href') : '');
  }

  // Makes one tree like the other and touches nothing that is alike: focus, scrolling and what is unfolded stay.
  function morph(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.nodeValue !== to.nodeValue) {
        from.nodeValue = to.nodeValue;
      }
      return;
    }
    if (from.hasAttribute('data-keep')) {
      if (to.dataset.version) {
        from.dataset.version = to.dataset.version;
      }
      return;
    }
    if (from.isEqualNode(to)) {
      return;
    }
    for (const attribute of [...from.attributes]) {
      if (!to.hasAttribute(attribute.name) && attribute.name !== 'open') {
        from.removeAttribute(attribute.name);
      }
    }
    for (const attribute of to.attributes) {
      if (from.getAttribute(attribute.name) !== attribute.value) {
        from.setAttribute(attribute.name, attribute.value);
      }
    }
    morphContent(from, to);
  }

  function morphContent(from, to) {
    let old = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const same = identity(wanted);
      let found = old;
      while (found && identity(found) !== same) {
        found = found.nextSibling;
      }
      if (found === null) {
        from.insertBefore(wanted, old);
      } else {
        if (found === old) {
          old = old.nextSibling;
        } else {
          from.insertBefore(found, old);
        }
        morph(found, wanted);
      }
    }
    while (old) {
      const gone = old;
      old = old.nextSibling;
      gone.remove();
    }
  }

  // The part of the page that is kept up to date.
  function live(part) {
    const FIRST_LATE = 15;
    const STALE = 60;
    const LONGEST_REST = 60;
    const pace = Number(part.dataset.seconds);
    let paused = part.hasAttribute('data-paused') || remembered(() => sessionStorage, 'refresh') === 'off';
    let tag = null;
    let failures = 0;
    let asking = false;
    let missed = false;
    let answered = false;
    let age = Number((byId('as-of') || {dataset: {age: 0}}).dataset.age);
    // Whoever looks first after a while is shown what was known then, and what is known now a moment later.
    let rest = age > pace ? 1 : pace;
    let toldAt = performance.now();

    function define() {
      htmx.defineExtension('morph', {
        isInlineSwap: (style) => style === 'morph',
        handleSwap: (style, target, fragment) => {
          const wanted = fragment.querySelector('#' + target.id);
          if (style !== 'morph' || wanted === null) {
            return false;
          }
          morphContent(target, wanted);
          document.dispatchEvent(new Event('renewed'));
          return [target];
        },
      });
      htmx.process(part);
    }

    function tellAges() {
      const since = Math.floor((performance.now() - toldAt) / 1000);
      const seconds = age + since;
      const asOf = byId('as-of');
      if (asOf) {
        let note = asOf.querySelector('b');
        if (!note) {
          note = document.createElement('b');
          asOf.append(' ', note);
        }
        const late = !paused && (answered || failures > 0) && seconds >= FIRST_LATE;
        const stale = late && seconds >= STALE;
        note.textContent = '(' + ago(seconds) + (paused ? ', paused' : stale ? ', stale' : late ? ', late' : '') + ')';
        asOf.className = stale ? 'chip bad' : late ? 'chip warn' : '';
      }
      // By the server's clock, which wrote those times.
      const now = asOf ? Date.parse(asOf.querySelector('time').dateTime) + seconds * 1000 : Date.now();
      for (const time of part.querySelectorAll('time.ago')) {
        const words = ago(Math.floor((now - Date.parse(time.dateTime)) / 1000));
        if (time.textContent !== words) {
          time.textContent = words;
        }
      }
    }

    function tick() {
      rest -= 1;
      // Before a page is complete htmx would miss what it is told of it.
      if (rest <= 0 && !paused && !asking && !isInUse() && document.readyState === 'complete') {
        ask();
      }
      if (!isInUse()) {
        tellAges();
      }
    }

    // The first page is small without it: it comes when something is first asked for.
    function ask() {
      asking = true;
      if (window.htmx) {
        htmx.trigger(part, 'refresh');
        return;
      }
      const script = document.createElement('script');
      script.src = part.dataset.htmx;
      script.addEventListener('load', () => {
        define();
        ask();
      });
      script.addEventListener('error', () => {
        script.remove();
        asking = false;
        failed();
      });
      document.head.append(script);
    }

    function failed() {
      failures += 1;
      rest = Math.min(LONGEST_REST, pace * 2 ** failures);
      tellAges();
    }

    document.addEventListener('htmx:configRequest', (event) => {
      if (tag !== null) {
        event.detail.headers['If-None-Match'] = tag;
      }
    });
    document.addEventListener('htmx:beforeSwap', (event) => {
      // Somebody may have begun to select in the meantime.
      missed = isInUse();
      if (missed) {
        event.detail.shouldSwap = false;
      }
    });
    document.addEventListener('htmx:afterRequest', (event) => {
      const xhr = event.detail.xhr;
      asking = false;
      if (xhr.status === 200 || xhr.status === 304) {
        failures = 0;
        answered = true;
        tag = missed ? null : xhr.getResponseHeader('ETag');
        missed = false;
        age = Number(xhr.getResponseHeader('Age'));
        toldAt = performance.now();
        const asOf = byId('as-of');
        const at = xhr.getResponseHeader('Data-As-Of');
        if (asOf && at) {
          const time = asOf.querySelector('time');
          time.dateTime = at;
          time.textContent = at.slice(0, 19).replace('T', ' ') + ' UTC';
        }
        rest = pace;
        tellAges();
      } else {
        failed();
      }
    });
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !paused && !asking) {
        rest = 0;
        tick();
      }
    });
    const button = byId('refresh');
    if (button) {
      switchable(button, paused, 'refresh', (is) => {
        paused = is;
        remembered(() => sessionStorage, 'refresh', is ? 'off' : 'on');
        rest = 0;
        tick();
      });
    }
    tellAges();
    setInterval(tick, 1000);
  }

  // A log that goes on while it is looked at.
  function tail(log) {
    const MOST_LINES = 2000;
    const PACE = 2000;
    const LONGEST_REST = 60000;
    const state = document.createElement('span');
    const button = document.createElement('button');
    const bar = byId('tail');
    let place = log.dataset.next;
    let paused = false;
    let failures = 0;

    const append = (line) => log.append(line + '\n');
    const first = log.textContent;
    log.textContent = '';
    if (first !== '') {
      first.split('\n').forEach(append);
    }
    log.scrollTop = log.scrollHeight;
    button.type = 'button';
    button.className = 'quietly';
    state.className = 'muted';
    bar.append(button, state);
    switchable(button, paused, 'following', (is) => {
      paused = is;
      tell();
    });

    function tell() {
      state.textContent = paused ? 'Paused. New lines wait.'
          : failures > 0 ? 'Not reached ' + failures + (failures === 1 ? ' time' : ' times') + '; it is tried again.'
          : 'Follows what is written.';
      state.classList.toggle('warn', failures > 0 && !paused);
    }

    function show(answer) {
      const stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
      if (answer.truncated) {
        append('… lines are missing here: more was written at once than is shown, or a file is gone');
      }
      answer.lines.forEach(append);
      while (log.childNodes.length > MOST_LINES) {
        log.firstChild.remove();
      }
      if (answer.lines.length > 0 && byId('nothing')) {
        byId('nothing').remove();
        log.hidden = false;
      }
      if (stuck) {
        log.scrollTop = log.scrollHeight;
      }
      place = answer.next;
    }

    async function read() {
      if (!paused && !isInUse()) {
        try {
          const found = await fetch(log.dataset.tail + (log.dataset.tail.includes('?') ? '&' : '?') + 'lines=' + MOST_LINES
              + '&after=' + encodeURIComponent(place), {headers: {Accept: 'application/json'}});
          if (!found.ok) {
            throw new Error('status ' + found.status);
          }
          show(await found.json());
          failures = 0;
        } catch (e) {
          failures += 1;
        }
        tell();
      }
      setTimeout(read, Math.min(LONGEST_REST, PACE * 2 ** failures));
    }

    tell();
    setTimeout(read, PACE);
  }

  // What a link leads to that asks before it acts, in a dialog over the page; wherever that fails, the page itself.
  function asking(link) {
    return link !== null && link.origin === location.origin
        && /^(\/trials|\/alerts|\/stages)\/.*actions\/[a-z]+$|^\/orders\/(halt|resume)$/.test(link.pathname);
  }

  async function ask(link) {
    try {
      const found = await fetch(link.href, {headers: {Accept: 'text/html'}});
      const form = found.ok && !found.redirected
          ? new DOMParser().parseFromString(await found.text(), 'text/html').querySelector('main form[method=post]') : null;
      if (form === null) {
        throw new Error('not a page that asks');
      }
      if (document.querySelector('dialog')) {
        return;
      }
      const dialog = document.createElement('dialog');
      const heading = form.querySelector('h2');
      heading.id = 'asked';
      dialog.setAttribute('aria-labelledby', heading.id);
      dialog.append(document.adoptNode(form));
      form.querySelector('a').addEventListener('click', (event) => {
        event.preventDefault();
        dialog.close();
      });
      dialog.addEventListener('close', () => {
        dialog.remove();
        link.focus();
      });
      document.body.append(dialog);
      dialog.showModal();
    } catch (e) {
      location.assign(link.href);
    }
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    const plain = event.button === 0 && !event.defaultPrevented
        && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (plain && asking(link)) {
      event.preventDefault();
      ask(link);
    }
  });

  theme();
  const part = byId('live');
  if (part) {
    live(part);
  }
  const log = document.querySelector('pre[data-tail]');
  if (log) {
    tail(log);
  }
})();
