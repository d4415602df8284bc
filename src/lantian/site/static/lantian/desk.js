// One tap copies the daily report; without a clipboard the text is selected and copied the old way.
(() => {
  "use strict";
  const button = document.getElementById("copy-report");
  const area = button && document.getElementById(button.dataset.source);
  if (!button || !area) return;
  button.hidden = false;
  const words = button.textContent;
  const said = (text) => {
    button.textContent = text;
    window.setTimeout(() => { button.textContent = words; }, 2500);
  };
  const oldWay = () => {
    area.focus();
    area.select();
    const done = document.execCommand("copy");
    button.focus();
    return done;
  };
  button.addEventListener("click", async () => {
    let done = false;
    try {
      await navigator.clipboard.writeText(area.value);
      done = true;
    } catch {
      done = oldWay();
    }
    said(done ? button.dataset.done : "未能复制，请在日报页手动选择文本");
  });
})();
