-- Both tokens of a grant fit into a page: kept in their row, a rotation writes one row instead of
-- one and four pieces of it elsewhere, with an index of their own. For rows written from now on.
ALTER TABLE tokens SET (toast_tuple_target = 8160);
