for (const image of document.images) {
    const style = getComputedStyle(image);
    const pair = [light(rgb(style.color)), light(rgb(style.backgroundColor))].sort((a, b) => b - a);
    found.push([(pair[0] + 0.05) / (pair[1] + 0.05), image.alt]);
  }
