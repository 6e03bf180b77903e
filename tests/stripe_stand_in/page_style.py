"""The look of the stand-in's own pages; unlike Stripe's on purpose, so that nobody takes it for a real till."""

STYLE = """
:root { --ink: #1d2433; --soft: #5d6678; --line: #dfe3ea; --paper: #fff; --wash: #f3f1fa; --main: #5b3fd6; }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: var(--wash); line-height: 1.55;
  font-family: system-ui, -apple-system, "Segoe UI", "PingFang TC", "Noto Sans CJK TC", "Microsoft JhengHei", sans-serif }
.ribbon { padding: .6rem 1rem; text-align: center; font-size: .875rem; color: #4a3500;
  background: repeating-linear-gradient(-45deg, #ffe9a8 0 14px, #ffdf85 14px 28px) }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; display: grid; gap: 1rem }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 0 }
h2 { font-size: 1.15rem; margin: 0 0 .75rem }
.sum { font-size: 2rem; font-weight: 700; margin: .1rem 0 1rem; font-variant-numeric: tabular-nums }
ul { list-style: none; margin: 0; padding: 0 }
li { display: flex; justify-content: space-between; gap: 1rem; padding: .7rem 0; border-top: 1px solid var(--line) }
li span:last-child { white-space: nowrap; font-variant-numeric: tabular-nums }
small { display: block; color: var(--soft); font-size: .875rem }
label { display: block; margin: 0 0 1rem; font-size: .9rem; font-weight: 600 }
input, select { display: block; width: 100%; margin-top: .3rem; padding: .7rem .8rem; font: inherit; font-weight: 400;
  border: 1px solid #b9c0cd; border-radius: 9px; background: #fff; color: inherit }
button, .button { display: block; width: 100%; min-height: 46px; padding: .7rem 1rem; font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; border-radius: 9px; border: 1px solid #b9c0cd; background: #fff;
  color: var(--ink); cursor: pointer }
button:focus-visible, .button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible {
  outline: 3px solid #b9a9ff; outline-offset: 2px }
.main { background: var(--main); border-color: var(--main); color: #fff }
.others { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; margin-top: 1.25rem; padding-top: 1rem;
  border-top: 1px solid var(--line) }
.others p { grid-column: 1 / -1; margin: 0; color: var(--soft); font-size: .9rem }
.others #expire { grid-column: 1 / -1 }
.back { margin-top: 1rem; border: 0; background: none; color: var(--main) }
.bad { padding: .7rem .9rem; border-radius: 9px; background: #fdeaea; color: #8c1616; margin: 0 0 1rem }
@media (min-width: 760px) { main { grid-template-columns: 1fr 1fr; padding: 2.5rem 1rem; align-items: start }
  main.narrow { grid-template-columns: minmax(0, 28rem); justify-content: center } }
"""

DESK_STYLE = (
    STYLE
    + """
main.desk { max-width: 90rem; display: block; padding: 1rem }
.desk section { margin-bottom: 1rem; overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .875rem }
th, td { text-align: left; padding: .4rem .6rem; border-top: 1px solid var(--line); vertical-align: top }
td form { display: inline-block; margin: 0 .2rem .2rem 0 }
.desk button { width: auto; min-height: 32px; padding: .2rem .6rem; font-weight: 500; display: inline-block }
.desk input { width: 6rem; display: inline-block; padding: .3rem .5rem; margin: 0 }
td:last-child { min-width: 28rem }
.desk details { margin-top: .3rem }
.desk pre { max-height: 24rem; overflow: auto; font-size: .75rem; background: #f6f7fb; padding: .6rem }
code { font-size: .8125rem; white-space: nowrap }
"""
)
