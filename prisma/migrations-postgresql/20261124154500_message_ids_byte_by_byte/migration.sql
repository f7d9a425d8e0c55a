-- The versions of a message are found by a range of its id, which holds byte by byte only: in a linguistic order ';' stands before ':'.
ALTER TABLE "InboundMessage" ALTER COLUMN "externalId" TYPE TEXT COLLATE "C";
