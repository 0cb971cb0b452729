/** Nothing to scroll sideways for, nothing too small to hit (WCAG 2.2, 1.4.10 and 2.5.8). */
(() => {
  const problems = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`${scrollWidth} px wide in ${clientWidth}`);
  for (const element of document.querySelectorAll('main *')) {
    const { right, left, width } = element.getBoundingClientRect();
    if (element.closest('thead, .unseen') === null && width > 1 && (right > clientWidth + 1 || left < -1))
      problems.push(`${element.tagName} sticks out`);
  }
  for (const control of document.querySelectorAll('button, input:not([type=hidden]), select')) {
    if (control.getBoundingClientRect().height < 44) problems.push(`${control.textContent} is low`);
  }
  return problems;
})();
