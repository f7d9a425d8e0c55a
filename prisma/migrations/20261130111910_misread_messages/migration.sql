-- CreateTable
CREATE TABLE "MisreadMessage" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "first" TEXT,
    "firstProbability" REAL NOT NULL DEFAULT 0,
    "second" TEXT,
    "secondProbability" REAL NOT NULL DEFAULT 0,
    "chosen" TEXT,
    "status" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" DATETIME
);

-- CreateTable
CREATE TABLE "MisreadSighting" (
    "inboundId" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "misreadId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "MisreadSighting_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "MisreadSighting_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "MisreadSighting_misreadId_fkey" FOREIGN KEY ("misreadId") REFERENCES "MisreadMessage" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TalkExample" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "removedAt" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "MisreadMessage_text_key" ON "MisreadMessage"("text");

-- CreateIndex
CREATE INDEX "MisreadMessage_status_lastSeenAt_idx" ON "MisreadMessage"("status", "lastSeenAt");

-- CreateIndex
CREATE INDEX "MisreadSighting_personId_idx" ON "MisreadSighting"("personId");

-- CreateIndex
CREATE INDEX "MisreadSighting_misreadId_idx" ON "MisreadSighting"("misreadId");

-- CreateIndex
CREATE INDEX "TalkExample_removedAt_idx" ON "TalkExample"("removedAt");
