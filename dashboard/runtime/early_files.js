// Fetches what the map will ask for, a few files at a time: a browser opens six connections, and what
// the page waits for needs some of them.
((files) => {
  const AT_ONCE = 4;
  const next = () => {
    const name = files.shift();
    if (!name) return;
    fetch(name, { priority: "low" })
      .then((answer) => answer.arrayBuffer())
      .catch(() => {}) // whoever needs the file asks for it again
      .then(next);
  };
  for (let k = 0; k < AT_ONCE; k++) next();
})(__FILES__);
