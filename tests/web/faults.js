() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`scrolls sideways to ${root.scrollWidth}`);
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  let last = 0;
  for (const each of document.querySelectorAll("h1, h2, h3")) {
    const level = Number(each.tagName[1]);
    if (level > last + 1) found.push(`h${level} after h${last}`);
    last = level;
  }
  for (const each of ["main", "header", "nav"])
    if (!document.querySelector(each)) found.push(`no ${each}`);
  for (const each of document.querySelectorAll("a, summary")) {
    if (each.closest(".skip") || !each.checkVisibility()) continue;
    if (each.getBoundingClientRect().height < 20) found.push(`low: ${each.textContent}`);
  }
  for (const each of document.querySelectorAll("body *"))
    if (parseFloat(getComputedStyle(each).fontSize) < 12) found.push(`small: ${each.textContent}`);
  for (const each of document.querySelectorAll("[style]")) found.push(`styled: ${each.outerHTML}`);
  return found;
}
