PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE article (
	id INTEGER NOT NULL, 
	info_code VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	engine_version VARCHAR NOT NULL, 
	batch_id INTEGER NOT NULL, 
	known_from DATETIME NOT NULL, 
	known_to DATETIME, 
	source VARCHAR NOT NULL, 
	location VARCHAR NOT NULL, 
	raw_sha256 VARCHAR NOT NULL, 
	shape VARCHAR NOT NULL, 
	title VARCHAR, 
	text VARCHAR NOT NULL, 
	text_sha256 VARCHAR NOT NULL, 
	digest VARCHAR, 
	medium VARCHAR, 
	published DATETIME, 
	published_written VARCHAR, 
	published_from VARCHAR, 
	category VARCHAR, 
	tags VARCHAR, 
	link VARCHAR, 
	return_links JSON NOT NULL, 
	mentions JSON NOT NULL, 
	faults JSON NOT NULL, 
	reading_sha256 VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_article_revision FOREIGN KEY(info_code, revision) REFERENCES article_revision (info_code, revision), 
	CONSTRAINT ck_article_known CHECK (known_from <= known_to), 
	CONSTRAINT ck_article_text_sha256 CHECK (length(text_sha256) = 64), 
	CONSTRAINT ck_article_shape CHECK (shape IN ('flash', 'digest', 'html')), 
	CONSTRAINT ck_article_published_from CHECK (published_from IN ('front_matter', 'stated', 'info_code', 'file_name')), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(raw_sha256) REFERENCES raw_document (sha256)
);
INSERT INTO "article" VALUES(1,'202204180001',1,'engine 1',1,'2022-04-19 01:00:00.000000','2022-04-20 01:00:00.000000','posts','_posts/202204180001.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','flash','海峡重工季报','海峡重工一季度营收655.58亿元，同比增长84.32%。','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf',NULL,'证券时报','2022-04-18 01:30:00.000000','2022-04-18 09:30:00 +0800','front_matter',NULL,NULL,NULL,'[]','[]','[]','966de3df8a6230c00a7339080b5312484b638d042602cdb8265ebe9ec6a1e86c');
INSERT INTO "article" VALUES(2,'202204180002',1,'engine 1',1,'2022-04-19 01:00:00.000000',NULL,'posts','_posts/202204180002.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','flash','海峡重工季报','海峡重工一季度营收655.58亿元，同比增长84.32%。','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf',NULL,'证券时报','2022-04-18 01:30:00.000000','2022-04-18 09:30:00 +0800','front_matter',NULL,NULL,NULL,'[]','[]','[]','7283af844242b2ee4f3545973db3522100e3f61c7e504c67eb72001158cb01a3');
INSERT INTO "article" VALUES(3,'202204180001',2,'engine 1',2,'2022-04-20 01:00:00.000000',NULL,'posts','_posts/202204180001.md','05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f','flash','海峡重工季报','海峡重工第一季度营收655.58亿元，同比增长84.32%。','05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f',NULL,'证券时报','2022-04-18 01:30:00.000000','2022-04-18 09:30:00 +0800','front_matter',NULL,NULL,NULL,'[]','[]','[]','1f986d04354eceb0ab42f2a190ccaf4b2132f81220ba3cc52298eb245719a8bf');
CREATE TABLE article_revision (
	info_code VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	text_sha256 VARCHAR NOT NULL, 
	PRIMARY KEY (info_code, revision), 
	CONSTRAINT ux_article_revision_text UNIQUE (info_code, text_sha256), 
	CONSTRAINT ck_article_revision_revision CHECK (revision >= 1)
);
INSERT INTO "article_revision" VALUES('202204180001',1,'70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf');
INSERT INTO "article_revision" VALUES('202204180002',1,'70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf');
INSERT INTO "article_revision" VALUES('202204180001',2,'05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f');
INSERT INTO "article_revision" VALUES('202204180003',1,'70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf');
CREATE TABLE batch (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	since DATE, 
	until DATE, 
	strict BOOLEAN NOT NULL, 
	state VARCHAR NOT NULL, 
	engine_version VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	is_staged BOOLEAN DEFAULT 0 NOT NULL, 
	message VARCHAR, 
	documents INTEGER NOT NULL, 
	articles INTEGER NOT NULL, 
	duplicates INTEGER NOT NULL, 
	unreadable INTEGER NOT NULL, 
	figures INTEGER NOT NULL, 
	numbers INTEGER NOT NULL, 
	articles_published INTEGER NOT NULL, 
	articles_unchanged INTEGER NOT NULL, 
	articles_superseded INTEGER NOT NULL, 
	figures_published INTEGER NOT NULL, 
	figures_unchanged INTEGER NOT NULL, 
	figures_superseded INTEGER NOT NULL, 
	numbers_published INTEGER NOT NULL, 
	numbers_unchanged INTEGER NOT NULL, 
	numbers_superseded INTEGER NOT NULL, 
	rows_quarantined INTEGER NOT NULL, 
	rows_seen_again INTEGER NOT NULL, 
	rows_cleared INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_batch_state CHECK (state IN ('staged', 'audited', 'published', 'refused'))
);
INSERT INTO "batch" VALUES(1,'posts','2022-04-01','2022-04-30',0,'published','engine 1','2022-04-19 01:00:00.000000','2022-04-19 01:00:00.000000',1,'3 figures of 2 articles published, 0 unchanged, 0 superseded, 1 rows quarantined, 0 seen again',2,2,0,0,4,4,2,0,0,3,0,0,4,0,0,1,0,0);
INSERT INTO "batch" VALUES(2,'posts','2022-04-01','2022-04-30',0,'published','engine 1','2022-04-19 01:00:00.000000','2022-04-20 01:00:00.000000',1,'2 figures of 1 articles published, 0 unchanged, 1 superseded, 0 rows quarantined, 0 seen again',1,1,0,0,2,2,1,0,1,2,0,1,2,0,2,0,0,1);
INSERT INTO "batch" VALUES(3,'posts','2022-04-01','2022-04-30',0,'staged','engine 1','2022-04-19 01:00:00.000000',NULL,1,NULL,2,1,0,1,2,2,0,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE entity (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	aliases JSON NOT NULL, 
	parent VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "entity" VALUES('a_shares','market','A股','["沪深两市","两市","A股市场"]','china');
CREATE TABLE expectation_result (
	id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	suite VARCHAR NOT NULL, 
	expectation VARCHAR NOT NULL, 
	evaluated INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	success BOOLEAN NOT NULL, 
	exception VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
CREATE TABLE figure (
	id INTEGER NOT NULL, 
	info_code VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	engine_version VARCHAR NOT NULL, 
	batch_id INTEGER NOT NULL, 
	known_from DATETIME NOT NULL, 
	known_to DATETIME, 
	article_id INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value TEXT, 
	low TEXT, 
	high TEXT, 
	bound VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	basis VARCHAR, 
	metric VARCHAR, 
	subject VARCHAR, 
	period_start DATE, 
	period_end DATE, 
	status VARCHAR NOT NULL, 
	metric_id VARCHAR, 
	entity_id VARCHAR, 
	sentence VARCHAR NOT NULL, 
	sentence_start INTEGER NOT NULL, 
	rules JSON NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ux_figure_span UNIQUE (article_id, start, "end"), 
	CONSTRAINT ck_figure_span CHECK (start >= 0 AND "end" > start), 
	CONSTRAINT ck_figure_known CHECK (known_from <= known_to), 
	CONSTRAINT ck_figure_range CHECK ((bound = 'range') = (low IS NOT NULL)), 
	CONSTRAINT ck_figure_range_ends CHECK ((low IS NULL) = (high IS NULL)), 
	CONSTRAINT ck_figure_value_or_range CHECK ((value IS NULL) = (bound = 'range')), 
	CONSTRAINT ck_figure_period_ends CHECK ((period_start IS NULL) = (period_end IS NULL)), 
	CONSTRAINT ck_figure_period CHECK (period_start <= period_end), 
	CONSTRAINT ck_figure_kind CHECK (kind IN ('level', 'change_rate', 'change_amount')), 
	CONSTRAINT ck_figure_bound CHECK (bound IN ('exact', 'about', 'over', 'under', 'range')), 
	CONSTRAINT ck_figure_basis CHECK (basis IN ('yoy', 'previous_period', 'year_start', 'previous_close', 'other')), 
	CONSTRAINT ck_figure_status CHECK (status IN ('actual', 'target', 'forecast')), 
	CONSTRAINT ck_figure_value CHECK (value NOT GLOB '*[^0-9.-]*' AND value GLOB '*[0-9]' AND value NOT GLOB '?*-*' AND value NOT GLOB '*.*.*' AND value NOT GLOB '.*' AND value NOT GLOB '-.*'), 
	CONSTRAINT ck_figure_low CHECK (low NOT GLOB '*[^0-9.-]*' AND low GLOB '*[0-9]' AND low NOT GLOB '?*-*' AND low NOT GLOB '*.*.*' AND low NOT GLOB '.*' AND low NOT GLOB '-.*'), 
	CONSTRAINT ck_figure_high CHECK (high NOT GLOB '*[^0-9.-]*' AND high GLOB '*[0-9]' AND high NOT GLOB '?*-*' AND high NOT GLOB '*.*.*' AND high NOT GLOB '.*' AND high NOT GLOB '-.*'), 
	CONSTRAINT ck_figure_low_high CHECK (CAST(low AS REAL) <= CAST(high AS REAL) + 1e-15 * abs(CAST(high AS REAL))), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(article_id) REFERENCES article (id), 
	FOREIGN KEY(metric_id) REFERENCES metric (id), 
	FOREIGN KEY(entity_id) REFERENCES entity (id)
);
INSERT INTO "figure" VALUES(1,'202204180001',1,'engine 1',1,'2022-04-19 01:00:00.000000','2022-04-20 01:00:00.000000',1,9,17,'655.58亿元','level','65558000000',NULL,NULL,'exact','CNY',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]');
INSERT INTO "figure" VALUES(2,'202204180002',1,'engine 1',1,'2022-04-19 01:00:00.000000',NULL,2,9,17,'655.58亿元','level','65558000000',NULL,NULL,'exact','CNY',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]');
INSERT INTO "figure" VALUES(3,'202204180002',1,'engine 1',1,'2022-04-19 01:00:00.000000',NULL,2,22,28,'84.32%','change_rate','84.32',NULL,NULL,'exact','%',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]');
INSERT INTO "figure" VALUES(4,'202204180001',2,'engine 1',2,'2022-04-20 01:00:00.000000',NULL,3,10,18,'655.58亿元','level','65558000000',NULL,NULL,'exact','CNY',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工第一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]');
INSERT INTO "figure" VALUES(5,'202204180001',2,'engine 1',2,'2022-04-20 01:00:00.000000',NULL,3,23,29,'84.32%','change_rate','84.32',NULL,NULL,'exact','%',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工第一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]');
CREATE TABLE metric (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	aliases JSON NOT NULL, 
	dimension VARCHAR NOT NULL, 
	definition VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "metric" VALUES('revenue','营业收入','["营收","营业总收入","总营收","主营业务收入","总收入","净营收"]','money','Income from operations');
CREATE TABLE number (
	id INTEGER NOT NULL, 
	info_code VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	engine_version VARCHAR NOT NULL, 
	batch_id INTEGER NOT NULL, 
	known_from DATETIME NOT NULL, 
	known_to DATETIME, 
	article_id INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	reason VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT ux_number_span UNIQUE (article_id, start, "end"), 
	CONSTRAINT ck_number_span CHECK (start >= 0 AND "end" > start), 
	CONSTRAINT ck_number_known CHECK (known_from <= known_to), 
	CONSTRAINT ck_number_role CHECK (role IN ('figure', 'date', 'time', 'duration', 'age', 'code', 'ordinal', 'rank', 'name', 'enumeration', 'idiom', 'version', 'score', 'quote', 'unread', 'malformed')), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(article_id) REFERENCES article (id)
);
INSERT INTO "number" VALUES(1,'202204180001',1,'engine 1',1,'2022-04-19 01:00:00.000000','2022-04-20 01:00:00.000000',1,9,15,'655.58','figure',NULL);
INSERT INTO "number" VALUES(2,'202204180001',1,'engine 1',1,'2022-04-19 01:00:00.000000','2022-04-20 01:00:00.000000',1,22,27,'84.32','figure',NULL);
INSERT INTO "number" VALUES(3,'202204180002',1,'engine 1',1,'2022-04-19 01:00:00.000000',NULL,2,9,15,'655.58','figure',NULL);
INSERT INTO "number" VALUES(4,'202204180002',1,'engine 1',1,'2022-04-19 01:00:00.000000',NULL,2,22,27,'84.32','figure',NULL);
INSERT INTO "number" VALUES(5,'202204180001',2,'engine 1',2,'2022-04-20 01:00:00.000000',NULL,3,10,16,'655.58','figure',NULL);
INSERT INTO "number" VALUES(6,'202204180001',2,'engine 1',2,'2022-04-20 01:00:00.000000',NULL,3,23,28,'84.32','figure',NULL);
CREATE TABLE quarantine (
	id INTEGER NOT NULL, 
	row_key VARCHAR NOT NULL, 
	row_kind VARCHAR NOT NULL, 
	info_code VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	text VARCHAR, 
	"row" JSON NOT NULL, 
	sentence VARCHAR, 
	expectation VARCHAR NOT NULL, 
	severity VARCHAR NOT NULL, 
	observed VARCHAR NOT NULL, 
	allowed VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	first_seen_batch_id INTEGER NOT NULL, 
	last_seen_batch_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR, 
	who VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_quarantine_row_kind CHECK (row_kind IN ('article', 'figure', 'number')), 
	CONSTRAINT ck_quarantine_severity CHECK (severity IN ('row', 'article', 'batch')), 
	CONSTRAINT ck_quarantine_state CHECK (state IN ('open', 'released', 'rejected', 'superseded')), 
	UNIQUE (row_key), 
	FOREIGN KEY(first_seen_batch_id) REFERENCES batch (id), 
	FOREIGN KEY(last_seen_batch_id) REFERENCES batch (id)
);
INSERT INTO "quarantine" VALUES(1,'e68161c699eb2a0ce5f62e489eea8c7da3caa831917ccd49f166a361be64925a','figure','202204180001',1,22,28,'84.32%','{"info_code":"202204180001","revision":1,"engine_version":"engine 1","start":22,"end":28,"text":"84.32%","kind":"change_rate","value":"84.32","low":null,"high":null,"bound":"exact","unit":"%","basis":null,"metric":"营收","subject":"海峡重工","period_start":"2022-01-01","period_end":"2022-03-31","status":"actual","metric_id":"revenue","entity_id":null,"sentence":"海峡重工一季度营收655.58亿元，同比增长84.32%。","sentence_start":0,"rules":["quantity.money","metric.before"]}','海峡重工一季度营收655.58亿元，同比增长84.32%。','rate','row','84.32%','less','84.32% is too much.',1,1,'superseded',NULL,NULL);
CREATE TABLE raw_document (
	sha256 VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	object_key VARCHAR NOT NULL, 
	fetched_at DATETIME NOT NULL, 
	PRIMARY KEY (sha256), 
	CONSTRAINT ck_raw_document_sha256 CHECK (length(sha256) = 64), 
	CONSTRAINT ck_raw_document_size CHECK (size >= 0)
);
INSERT INTO "raw_document" VALUES('70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf',63,'70/a0/70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf.gz','2022-04-19 01:00:00.000000');
INSERT INTO "raw_document" VALUES('05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f',66,'05/d2/05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f.gz','2022-04-19 01:00:00.000000');
CREATE TABLE raw_response (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	location VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	format VARCHAR NOT NULL, 
	status INTEGER, 
	headers JSON NOT NULL, 
	etag VARCHAR, 
	last_modified VARCHAR, 
	listed JSON NOT NULL, 
	published_on DATE, 
	fetched_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ux_raw_response UNIQUE (source, location, sha256), 
	CONSTRAINT ck_raw_response_format CHECK (format IN ('jekyll_post', 'feed_entry', 'site_page', 'news_text', 'listing')), 
	FOREIGN KEY(sha256) REFERENCES raw_document (sha256)
);
INSERT INTO "raw_response" VALUES(1,'posts','_posts/202204180001.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','jekyll_post',NULL,'[]',NULL,NULL,'[]',NULL,'2022-04-19 01:00:00.000000');
INSERT INTO "raw_response" VALUES(2,'posts','_posts/202204180002.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','jekyll_post',NULL,'[]',NULL,NULL,'[]',NULL,'2022-04-19 01:00:00.000000');
INSERT INTO "raw_response" VALUES(3,'posts','_posts/202204180001.md','05d22739fb2788fb570eb00ea71a13fd9ec352ea3a86fd520cd39da02a33c76f','jekyll_post',NULL,'[]',NULL,NULL,'[]',NULL,'2022-04-19 01:00:00.000000');
INSERT INTO "raw_response" VALUES(4,'posts','_posts/202204180003.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','jekyll_post',NULL,'[]',NULL,NULL,'[]',NULL,'2022-04-19 01:00:00.000000');
CREATE TABLE staged_article (
	row_id INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	condemned BOOLEAN DEFAULT 0 NOT NULL, 
	info_code VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	location VARCHAR NOT NULL, 
	raw_sha256 VARCHAR NOT NULL, 
	shape VARCHAR NOT NULL, 
	title VARCHAR, 
	text VARCHAR NOT NULL, 
	text_sha256 VARCHAR NOT NULL, 
	digest VARCHAR, 
	medium VARCHAR, 
	published DATETIME, 
	published_written VARCHAR, 
	published_from VARCHAR, 
	category VARCHAR, 
	tags VARCHAR, 
	link VARCHAR, 
	return_links JSON NOT NULL, 
	mentions JSON NOT NULL, 
	faults JSON NOT NULL, 
	engine_version VARCHAR NOT NULL, 
	batch_id INTEGER NOT NULL, 
	revision INTEGER, 
	reading_sha256 VARCHAR, 
	changed BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (row_id), 
	FOREIGN KEY(raw_sha256) REFERENCES raw_document (sha256), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "staged_article" VALUES(1,'2e70e9fe71a08b781d1c960632595479b5d53900e55bc4faf16568e6b96366c9',0,'202204180003','posts','_posts/202204180003.md','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf','flash','海峡重工季报','海峡重工一季度营收655.58亿元，同比增长84.32%。','70a0d07f4d26779e68bd45c7a25ca4ed5ae9112dbc72de7344ccc4c512b1d3cf',NULL,'证券时报','2022-04-18 01:30:00.000000','2022-04-18 09:30:00 +0800','front_matter',NULL,NULL,NULL,'[]','[]','[]','engine 1',3,1,NULL,0);
CREATE TABLE staged_figure (
	row_id INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	condemned BOOLEAN DEFAULT 0 NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value TEXT, 
	low TEXT, 
	high TEXT, 
	bound VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	basis VARCHAR, 
	metric VARCHAR, 
	subject VARCHAR, 
	period_start DATE, 
	period_end DATE, 
	status VARCHAR NOT NULL, 
	metric_id VARCHAR, 
	entity_id VARCHAR, 
	sentence VARCHAR NOT NULL, 
	sentence_start INTEGER NOT NULL, 
	rules JSON NOT NULL, 
	article_row_id INTEGER NOT NULL, 
	PRIMARY KEY (row_id), 
	FOREIGN KEY(article_row_id) REFERENCES staged_article (row_id) ON DELETE CASCADE
);
INSERT INTO "staged_figure" VALUES(1,'02142e24d460d9c0ee6bb67d0540ef4701dfcf3c4587df71f5906dd4a2cd37ea',0,9,17,'655.58亿元','level','65558000000',NULL,NULL,'exact','CNY',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]',1);
INSERT INTO "staged_figure" VALUES(2,'75d67061385d646ca016b6721161918131c83ea06b34269ffaed5b7cffcf0bb6',0,22,28,'84.32%','change_rate','84.32',NULL,NULL,'exact','%',NULL,'营收','海峡重工','2022-01-01','2022-03-31','actual','revenue',NULL,'海峡重工一季度营收655.58亿元，同比增长84.32%。',0,'["quantity.money","metric.before"]',1);
CREATE TABLE staged_number (
	row_id INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	condemned BOOLEAN DEFAULT 0 NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	reason VARCHAR, 
	article_row_id INTEGER NOT NULL, 
	PRIMARY KEY (row_id), 
	FOREIGN KEY(article_row_id) REFERENCES staged_article (row_id) ON DELETE CASCADE
);
INSERT INTO "staged_number" VALUES(1,'7975cf4a8639010c2e49310a6c0f4d36d49bc4182112cf1facbfc433c8673130',0,9,15,'655.58','figure',NULL,1);
INSERT INTO "staged_number" VALUES(2,'69c7c5a4c5666647ced1dfb51512ada1d286351143745fdc5186f6b4115cb19e',0,22,27,'84.32','figure',NULL,1);
CREATE TABLE unreadable_document (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	location VARCHAR NOT NULL, 
	sha256 VARCHAR, 
	error VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	first_seen_batch_id INTEGER NOT NULL, 
	last_seen_batch_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ux_unreadable_document UNIQUE (source, location), 
	CONSTRAINT ck_unreadable_document_state CHECK (state IN ('open', 'released', 'rejected', 'superseded')), 
	FOREIGN KEY(sha256) REFERENCES raw_document (sha256), 
	FOREIGN KEY(first_seen_batch_id) REFERENCES batch (id), 
	FOREIGN KEY(last_seen_batch_id) REFERENCES batch (id)
);
INSERT INTO "unreadable_document" VALUES(1,'posts','b.md',NULL,'gone','open',3,3);
CREATE INDEX ix_raw_response_sha256 ON raw_response (sha256);
CREATE UNIQUE INDEX ux_article_current ON article (info_code) WHERE known_to IS NULL;
CREATE INDEX ix_article_published ON article (published);
CREATE INDEX ix_article_reading ON article (info_code, revision);
CREATE TRIGGER article_text_is_fixed
BEFORE UPDATE OF id, info_code, revision, text ON article
WHEN NEW.id IS NOT OLD.id OR NEW.info_code IS NOT OLD.info_code
    OR NEW.revision IS NOT OLD.revision OR NEW.text IS NOT OLD.text
BEGIN
    SELECT RAISE(ABORT, 'article: the text of a revision never changes');
END;
CREATE INDEX ix_quarantine_article ON quarantine (info_code, revision);
CREATE INDEX ix_quarantine_state ON quarantine (state);
CREATE INDEX ix_expectation_result_batch_id ON expectation_result (batch_id);
CREATE INDEX ix_staged_article_batch ON staged_article (batch_id, info_code);
CREATE INDEX ix_figure_metric ON figure (metric);
CREATE INDEX ix_figure_subject ON figure (subject);
CREATE INDEX ix_figure_article ON figure (info_code, revision);
CREATE TRIGGER figure_offsets_on_INSERT
BEFORE INSERT  ON figure
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, 'figure: text is not the slice of its article at start, end');
END;
CREATE TRIGGER figure_offsets_on_UPDATE
BEFORE UPDATE OF article_id, info_code, revision, start, "end", text ON figure
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, 'figure: text is not the slice of its article at start, end');
END;
CREATE TRIGGER number_offsets_on_INSERT
BEFORE INSERT  ON number
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, 'number: text is not the slice of its article at start, end');
END;
CREATE TRIGGER number_offsets_on_UPDATE
BEFORE UPDATE OF article_id, info_code, revision, start, "end", text ON number
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, 'number: text is not the slice of its article at start, end');
END;
CREATE INDEX ix_staged_figure_article_row_id ON staged_figure (article_row_id);
CREATE INDEX ix_staged_number_article_row_id ON staged_number (article_row_id);
COMMIT;
