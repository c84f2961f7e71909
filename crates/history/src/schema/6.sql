-- What stands beside the words of a draft: what is mentioned in it, a quote, a tool. As JSON.
ALTER TABLE drafts ADD COLUMN beside TEXT;
