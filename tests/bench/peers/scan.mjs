// What somebody would write with mwn (https://github.com/siddharthvp/mwn) to do
// what the bench asks of the bot. The job is the first argument; the wiki is in
// the environment; what was found goes to standard output as JSON.
import { Mwn } from 'mwn';

const { WIKI_API, WIKI_USER, WIKI_PASSWORD, WIKI_CATEGORY } = process.env;

const bot = new Mwn({
	apiUrl: WIKI_API,
	username: WIKI_USER,
	password: WIKI_PASSWORD,
	userAgent: 'filewarden-bench/1.0 (bench@wiki.invalid)',
	silent: true,
	suppressAPIWarnings: true,
});

// merge adds one part of an answer to the uses known so far.
function merge(uses, json) {
	for (const page of json.query?.pages ?? []) {
		if (!uses.has(page.title)) {
			uses.set(page.title, []);
		}
		for (const use of page.fileusage ?? []) {
			uses.get(page.title).push([use.pageid, use.ns, use.title]);
		}
	}
}

async function filesInCategory() {
	const files = [];
	const list = { action: 'query', list: 'categorymembers', cmtitle: WIKI_CATEGORY, cmtype: 'file', cmprop: 'title', cmlimit: 'max' };
	for await (const json of bot.continuedQueryGen(list)) {
		files.push(...json.query.categorymembers.map((member) => member.title));
	}
	return files;
}

// Batches of titles, each followed to its end.
async function scan() {
	const files = await filesInCategory();
	const most = bot.hasApiHighLimit ? 500 : 50;
	const uses = new Map();
	for (let at = 0; at < files.length; at += most) {
		const ask = { action: 'query', prop: 'fileusage', fulimit: 'max', titles: files.slice(at, at + most) };
		for await (const json of bot.continuedQueryGen(ask)) {
			merge(uses, json);
		}
	}
	return uses;
}

// The category as a generator: the wiki finds the titles by itself.
async function generator() {
	const uses = new Map();
	const ask = {
		action: 'query', generator: 'categorymembers', gcmtitle: WIKI_CATEGORY, gcmtype: 'file', gcmlimit: 500,
		prop: 'fileusage', fulimit: 'max',
	};
	for await (const json of bot.continuedQueryGen(ask)) {
		merge(uses, json);
	}
	return uses;
}

// The convenience that the library offers for many titles. It follows no
// continuation, so what it misses depends on the limit.
async function massQuery(limit) {
	const uses = new Map();
	const ask = { action: 'query', prop: 'fileusage', ...limit, titles: await filesInCategory() };
	for (const json of await bot.massQuery(ask)) {
		merge(uses, json);
	}
	return uses;
}

// The history of each page, read until the file is no longer in it.
async function who(asked) {
	const agents = {};
	for (const { page, file } of asked) {
		const history = await new bot.Page(page).history(['ids', 'user', 'content'], 50, { rvslots: 'main' });
		const before = history.findIndex((revision) => !revision.slots.main.content.includes(file));
		agents[page] = history[before === -1 ? history.length - 1 : before - 1].user;
	}
	return agents;
}

async function input() {
	const parts = [];
	for await (const part of process.stdin) {
		parts.push(part);
	}
	return JSON.parse(Buffer.concat(parts).toString());
}

function count(uses) {
	let rows = 0;
	for (const one of uses.values()) {
		rows += one.length;
	}
	return { files: uses.size, rows };
}

const jobs = {
	start: async () => ({}),
	scan: async () => count(await scan()),
	generator: async () => count(await generator()),
	massQuery: async () => count(await massQuery({ fulimit: 'max' })),
	massQueryAsItIs: async () => count(await massQuery({})),
	who: async () => who(await input()),
};

await bot.login();
console.log(JSON.stringify(await jobs[process.argv[2]]()));
