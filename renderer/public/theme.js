// Runs before the first paint, so that a pinned theme does not flash the other one. A file of its own, because the
// page's policy allows no inline script. The key and the values are those of app/theme/theme-store.ts.
try {
  const choice = JSON.parse(localStorage.getItem('benchtop.theme') ?? '"system"')
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice
} catch {
  // No storage, no pinned theme: the system's is used.
}
