-- CreateTable
CREATE TABLE "VolunteerSearch" (
    "requestId" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 1,
    "by" TEXT NOT NULL,
    "allowsMinors" BOOLEAN NOT NULL DEFAULT false,
    "statusAtStart" TEXT NOT NULL,
    "dueAt" DATETIME,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "VolunteerSearch_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "VolunteerOffer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "requestId" TEXT NOT NULL,
    "volunteerId" TEXT,
    "status" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "offeredAt" DATETIME NOT NULL,
    "answerBy" DATETIME NOT NULL,
    "answeredAt" DATETIME,
    "acceptedIn" TEXT,
    "toldAt" DATETIME,
    CONSTRAINT "VolunteerOffer_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "VolunteerSearch" ("requestId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "VolunteerOffer_volunteerId_fkey" FOREIGN KEY ("volunteerId") REFERENCES "Volunteer" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "VolunteerSearch_state_dueAt_idx" ON "VolunteerSearch"("state", "dueAt");

-- CreateIndex
CREATE INDEX "VolunteerOffer_volunteerId_status_idx" ON "VolunteerOffer"("volunteerId", "status");

-- CreateIndex
CREATE UNIQUE INDEX "VolunteerOffer_requestId_volunteerId_key" ON "VolunteerOffer"("requestId", "volunteerId");
