-- Nothing to do: a row is in one piece here as long as it fits into a page. So that both databases
-- have one number for one schema.
SELECT 1;
