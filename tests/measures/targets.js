() => [...document.links].filter(a => !a.closest('p, li')).map(a => {
  const box = (a.querySelector('img') || a).getBoundingClientRect();
  return [Math.round(box.height), a.innerText.trim().slice(0, 40)];
})
