-- CreateTable
CREATE TABLE "Photo" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "personId" TEXT,
    "inboundId" TEXT,
    "requestId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "goneAt" DATETIME,
    CONSTRAINT "Photo_inboundId_fkey" FOREIGN KEY ("inboundId") REFERENCES "InboundMessage" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Photo_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Photo_name_idx" ON "Photo"("name");

-- CreateIndex
CREATE INDEX "Photo_requestId_createdAt_idx" ON "Photo"("requestId", "createdAt");

-- CreateIndex
CREATE INDEX "Photo_personId_idx" ON "Photo"("personId");

-- CreateIndex
CREATE INDEX "Photo_goneAt_idx" ON "Photo"("goneAt");

-- CreateIndex
CREATE UNIQUE INDEX "Photo_inboundId_name_key" ON "Photo"("inboundId", "name");
