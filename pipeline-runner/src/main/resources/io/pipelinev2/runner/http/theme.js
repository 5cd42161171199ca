// Runs before anything is painted: the page must not flash in the wrong theme, nor jump when switches appear.
(function () {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') {
      root.dataset.theme = theme;
    }
  } catch (e) {
    // Storage is off: it stays the system's theme.
  }
})();
