-- The first tables. A later change of the tables is a migration of its own; this file does not change any more.

CREATE TABLE attempt (
    id SERIAL NOT NULL,
    what VARCHAR NOT NULL,
    who BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX attempt_by_who ON attempt (what, who, at);

CREATE TABLE campaign (
    id UUID NOT NULL,
    slug VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    organiser VARCHAR NOT NULL,
    contact_email VARCHAR NOT NULL,
    imprint VARCHAR NOT NULL,
    open BOOLEAN NOT NULL,
    minutes_per_volunteer FLOAT NOT NULL,
    rules JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (slug)
);

CREATE TABLE constituency_result (
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    first_party VARCHAR NOT NULL,
    second_party VARCHAR NOT NULL,
    electorate INTEGER NOT NULL,
    valid_votes INTEGER NOT NULL,
    majority INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (code)
);

CREATE TABLE coordinator (
    id UUID NOT NULL,
    email VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    password_hash VARCHAR NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email)
);

CREATE TABLE postcode_unit (
    postcode VARCHAR NOT NULL,
    lat FLOAT NOT NULL,
    lon FLOAT NOT NULL,
    PRIMARY KEY (postcode)
);

CREATE TABLE audit (
    id SERIAL NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    coordinator_id UUID,
    campaign_id UUID,
    what VARCHAR NOT NULL,
    subject_id UUID,
    PRIMARY KEY (id),
    FOREIGN KEY(coordinator_id) REFERENCES coordinator (id)
);

CREATE TABLE draft (
    id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    campaign_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    answers JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT kind_known CHECK (kind IN ('offer', 'request')),
    UNIQUE (token_hash, campaign_id, kind),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);

CREATE INDEX ix_draft_token_hash ON draft (token_hash);

CREATE TABLE event (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    constituency VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    place_name VARCHAR NOT NULL,
    postcode VARCHAR NOT NULL,
    lat FLOAT NOT NULL,
    lon FLOAT NOT NULL,
    island VARCHAR,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    day DATE NOT NULL,
    wanted INTEGER NOT NULL,
    capacity INTEGER,
    weight FLOAT,
    state VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT counts CHECK (wanted >= 0 AND (capacity IS NULL OR capacity >= 0)),
    CONSTRAINT weight_positive CHECK (weight IS NULL OR weight > 0),
    CONSTRAINT state_known CHECK (state IN ('open', 'cancelled')),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);

CREATE INDEX ix_event_campaign_id ON event (campaign_id);

CREATE INDEX ix_event_day ON event (day);

CREATE TABLE key_constituency (
    campaign_id UUID NOT NULL,
    code VARCHAR NOT NULL,
    PRIMARY KEY (campaign_id, code),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);

CREATE TABLE login_session (
    token_hash BYTEA NOT NULL,
    coordinator_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (token_hash),
    CONSTRAINT kind_known CHECK (kind IN ('cookie', 'bearer')),
    FOREIGN KEY(coordinator_id) REFERENCES coordinator (id) ON DELETE CASCADE
);

CREATE INDEX ix_login_session_coordinator_id ON login_session (coordinator_id);

CREATE TABLE membership (
    coordinator_id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    PRIMARY KEY (coordinator_id, campaign_id),
    FOREIGN KEY(coordinator_id) REFERENCES coordinator (id) ON DELETE CASCADE,
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);

CREATE TABLE person (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    phone_typed VARCHAR NOT NULL,
    phone VARCHAR,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    consent_version VARCHAR NOT NULL,
    consent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);

CREATE INDEX ix_person_campaign_id ON person (campaign_id);

CREATE TABLE run (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    day DATE NOT NULL,
    state VARCHAR NOT NULL,
    seconds FLOAT NOT NULL,
    seed INTEGER NOT NULL,
    stop_asked BOOLEAN NOT NULL,
    started_by UUID NOT NULL,
    published_by UUID,
    instance JSONB,
    instance_hash VARCHAR,
    progress JSONB,
    plan JSONB,
    score FLOAT,
    bound FLOAT,
    version VARCHAR,
    error VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    published_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT state_known CHECK (state IN ('queued', 'running', 'done', 'failed', 'published')),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
    FOREIGN KEY(started_by) REFERENCES coordinator (id),
    FOREIGN KEY(published_by) REFERENCES coordinator (id)
);

CREATE INDEX ix_run_campaign_id ON run (campaign_id);

CREATE UNIQUE INDEX one_run_at_a_time ON run (campaign_id, day) WHERE state IN ('queued', 'running');

CREATE TABLE message (
    id UUID NOT NULL,
    key VARCHAR NOT NULL,
    campaign_id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    subject_id UUID,
    facts JSONB NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE,
    error VARCHAR,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT state_known CHECK (state IN ('created', 'sending', 'sent', 'failed', 'dropped')),
    UNIQUE (key),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
    FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_message_campaign_id ON message (campaign_id);

CREATE INDEX ix_message_person_id ON message (person_id);

CREATE TABLE offer (
    id UUID NOT NULL,
    reference VARCHAR NOT NULL,
    campaign_id UUID NOT NULL,
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    postcode VARCHAR NOT NULL,
    precision VARCHAR NOT NULL,
    lat FLOAT NOT NULL,
    lon FLOAT NOT NULL,
    island VARCHAR,
    party INTEGER NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    home_by TIMESTAMP WITH TIME ZONE,
    max_travel_minutes FLOAT NOT NULL,
    way_back BOOLEAN NOT NULL,
    event_ids JSONB,
    traits JSONB NOT NULL,
    company JSONB NOT NULL,
    state VARCHAR NOT NULL,
    idempotency_key VARCHAR NOT NULL,
    body_hash VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seats INTEGER NOT NULL,
    max_detour_minutes FLOAT NOT NULL,
    offers JSONB NOT NULL,
    car VARCHAR NOT NULL,
    plate VARCHAR NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT counts CHECK (seats >= 0 AND party >= 1),
    CONSTRAINT state_known CHECK (state IN ('active', 'cancelled', 'replaced')),
    UNIQUE (reference),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
    FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
    UNIQUE (idempotency_key)
);

CREATE INDEX ix_offer_campaign_id ON offer (campaign_id);

CREATE INDEX ix_offer_day ON offer (day);

CREATE INDEX ix_offer_person_id ON offer (person_id);

CREATE TABLE private_link (
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_private_link_person_id ON private_link (person_id);

CREATE TABLE private_session (
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_private_session_person_id ON private_session (person_id);

CREATE TABLE request (
    id UUID NOT NULL,
    reference VARCHAR NOT NULL,
    campaign_id UUID NOT NULL,
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    postcode VARCHAR NOT NULL,
    precision VARCHAR NOT NULL,
    lat FLOAT NOT NULL,
    lon FLOAT NOT NULL,
    island VARCHAR,
    party INTEGER NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    home_by TIMESTAMP WITH TIME ZONE,
    max_travel_minutes FLOAT NOT NULL,
    way_back BOOLEAN NOT NULL,
    event_ids JSONB,
    traits JSONB NOT NULL,
    company JSONB NOT NULL,
    state VARCHAR NOT NULL,
    idempotency_key VARCHAR NOT NULL,
    body_hash VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    needs JSONB NOT NULL,
    pickup VARCHAR NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT counts CHECK (party >= 1),
    CONSTRAINT state_known CHECK (state IN ('active', 'cancelled', 'replaced')),
    UNIQUE (reference),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
    FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
    UNIQUE (idempotency_key)
);

CREATE INDEX ix_request_campaign_id ON request (campaign_id);

CREATE INDEX ix_request_day ON request (day);

CREATE INDEX ix_request_person_id ON request (person_id);

CREATE TABLE lift (
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    day DATE NOT NULL,
    offer_id UUID NOT NULL,
    event_id UUID NOT NULL,
    match_word VARCHAR NOT NULL,
    departs_at TIMESTAMP WITH TIME ZONE NOT NULL,
    arrives_at TIMESTAMP WITH TIME ZONE NOT NULL,
    drive_minutes FLOAT NOT NULL,
    home_at TIMESTAMP WITH TIME ZONE,
    state VARCHAR NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT state_known CHECK (state IN ('published', 'cancelled', 'replaced')),
    FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE,
    FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
    FOREIGN KEY(offer_id) REFERENCES offer (id) ON DELETE CASCADE,
    FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE
);

CREATE INDEX ix_lift_campaign_id ON lift (campaign_id);

CREATE INDEX ix_lift_run_id ON lift (run_id);

CREATE UNIQUE INDEX one_lift_an_offer ON lift (offer_id) WHERE state = 'published';

CREATE TABLE lift_stop (
    id UUID NOT NULL,
    lift_id UUID NOT NULL,
    request_id UUID NOT NULL,
    position INTEGER NOT NULL,
    pick_up_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ride_minutes FLOAT NOT NULL,
    drop_at TIMESTAMP WITH TIME ZONE,
    state VARCHAR NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT state_known CHECK (state IN ('published', 'cancelled', 'replaced')),
    CONSTRAINT one_position_each UNIQUE (lift_id, position),
    FOREIGN KEY(lift_id) REFERENCES lift (id) ON DELETE CASCADE,
    FOREIGN KEY(request_id) REFERENCES request (id) ON DELETE CASCADE
);

CREATE INDEX ix_lift_stop_lift_id ON lift_stop (lift_id);

CREATE UNIQUE INDEX one_stop_a_request ON lift_stop (request_id) WHERE state = 'published';
