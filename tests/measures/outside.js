w => [...document.body.querySelectorAll('p,h1,h2,h3,a,img,li,pre,td')]
  .filter(e => e.checkVisibility())
  .filter(e => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > w + 0.5; })
  .map(e => e.outerHTML.slice(0, 80))
