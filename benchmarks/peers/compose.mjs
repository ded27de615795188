// Composes the same issue with mjml and juice, and with react-email, many times in one warm process.
// Arguments: the folder of issue.mjml, theme.css and issue.json; how often to warm up; how often to
// measure. Prints one JSON object: for each chain the processor milliseconds of each run, and leaves
// what it made beside its input.
import { readFileSync, writeFileSync } from "node:fs";
import { createElement as h } from "react";
import juice from "juice";
import mjml2html from "mjml";
import { render } from "@react-email/render";
import {
  Body, Column, Container, Head, Heading, Html, Img, Link, Preview, Row, Section, Text,
} from "@react-email/components";

const [folder, warm, repeats] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const mjml = readFileSync(`${folder}/issue.mjml`, "utf8");
const theme = readFileSync(`${folder}/theme.css`, "utf8");
const issue = JSON.parse(readFileSync(`${folder}/issue.json`, "utf8"));

const serif = { fontFamily: "Georgia, serif" };
const kept = { applyStyleTags: false, removeStyleTags: false };

async function withMjml() {
  const { html } = await mjml2html(mjml, { fonts: {} });
  return juice.inlineContent(html, theme, kept);
}

function card(story) {
  return [
    h(Img, { key: "image", src: story.image, alt: story.alt, width: 256, style: { width: "100%" } }),
    h(Heading, { key: "head", as: "h3", style: { ...serif, fontSize: "21px", lineHeight: "26px" } },
      h(Link, { href: story.url, style: { color: "#1c1b19" } }, story.headline)),
    h(Text, { key: "text", style: { ...serif, fontSize: "16px", lineHeight: "25px" } }, story.summary),
    h(Text, { key: "by", style: { fontSize: "13px", color: "#5c584f" } }, story.byline),
  ];
}

function pairs(stories) {
  const rows = [];
  for (let at = 0; at < stories.length; at += 2) rows.push(stories.slice(at, at + 2));
  return rows;
}

async function withReactEmail() {
  const [lead, ...others] = issue.stories;
  return await render(h(Html, { lang: "en-GB" },
    h(Head), h(Preview, null, issue.preheader),
    h(Body, { style: { backgroundColor: "#f1eee7" } },
      h(Container, { style: { width: "600px", backgroundColor: "#fffefb", padding: "0 32px" } },
        h(Heading, { style: { ...serif, fontSize: "46px" } }, issue.title),
        h(Section, null, ...card(lead)),
        ...pairs(others).map((pair, n) => h(Section, { key: n },
          h(Row, null, ...pair.map((story, m) => h(Column, { key: m, style: { padding: "0 12px" } }, ...card(story)))))),
        h(Text, null, h(Link, { href: issue.unsubscribe }, "Unsubscribe"))))));
}

async function measured(name, chain) {
  let out = "";
  for (let n = 0; n < warm; n += 1) out = await chain();
  const times = [];
  for (let n = 0; n < repeats; n += 1) {
    const before = process.cpuUsage();
    out = await chain();
    const used = process.cpuUsage(before);
    times.push((used.user + used.system) / 1000);
  }
  writeFileSync(`${folder}/${name}.html`, out);
  return times;
}

const times = { mjml: await measured("mjml", withMjml), react: await measured("react", withReactEmail) };
console.log(JSON.stringify(times));
