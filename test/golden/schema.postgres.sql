column contracts.id text collate C not null
column contracts.municipality text collate C not null
column contracts.number text collate C not null
column contracts.kind text collate C not null
column contracts.state text collate C not null
column contracts.seq integer not null
column contracts.expires_at text collate C not null
column contracts.concluded_at text collate C
column contracts.contract_date text collate C
column contracts.wrapped_key bytea not null
column contracts.body bytea not null
column counters.municipality text collate C not null
column counters.name text collate C not null
column counters.last integer not null
column document_hashes.municipality text collate C not null
column document_hashes.sha256 text collate C not null
column document_hashes.contract text collate C not null
column downloads.secret text collate C not null
column downloads.file text collate C not null
column downloads.contract text collate C not null
column downloads.participant text collate C not null
column downloads.first_at text collate C not null
column downloads.last_at text collate C not null
column downloads.times integer not null
column events.contract text collate C not null
column events.seq integer not null
column events.municipality text collate C not null
column events.type text collate C not null
column events.version integer not null
column events.at text collate C not null
column events.canonical bytea not null
column events.previous_hash text collate C not null
column events.hash text collate C not null
column feed_rows.run text collate C not null
column feed_rows.line integer not null
column feed_rows.fate text collate C not null
column feed_rows.row_hash text collate C not null
column feed_rows.number_hash text collate C
column feed_rows.content_hash text collate C
column feed_rows.registration integer
column feed_rows.body bytea
column feed_runs.id text collate C not null
column feed_runs.municipality text collate C not null
column feed_runs.form text collate C not null
column feed_runs.way text collate C not null
column feed_runs.reference_hash text collate C not null
column feed_runs.started_at text collate C not null
column feed_runs.finished_at text collate C
column feed_runs.line integer not null
column feed_runs.readable text collate C not null
column feed_runs.counts text collate C not null
column feed_runs.body bytea
column merkle_roots.day text collate C not null
column merkle_roots.contracts integer not null
column merkle_roots.root text collate C not null
column merkle_roots.timestamp_token bytea not null
column merkle_roots.stamped_at text collate C not null
column messages.id text collate C not null
column messages.municipality text collate C not null
column messages.received_at text collate C not null
column messages.size bigint not null
column messages.sha256 text collate C not null
column messages.blob text collate C not null
column messages.wrapped_key bytea not null
column messages.transport bytea not null
column messages.content_key text collate C
column messages.duplicate_of text collate C
column messages.status text collate C not null
column messages.contract text collate C
column messages.outcome bytea
column messages.handled_at text collate C
column meta.name text collate C not null
column meta.value text collate C not null
column outbox.key text collate C not null
column outbox.municipality text collate C not null
column outbox.contract text collate C
column outbox.type text collate C not null
column outbox.payload text collate C not null
column outbox.not_before text collate C not null
column outbox.created_at text collate C not null
column outbox.attempt integer not null default 0
column outbox.failures integer not null default 0
column outbox.leased_until text collate C
column outbox.done_at text collate C
column outbox.parked_at text collate C
column outbox.last_error text collate C
column outbox.enqueued_at text collate C
column outbox.waiting_since text collate C
column outbox.awaits text collate C
column outbox.waiting_until text collate C
column proofs.contract text collate C not null
column proofs.file text collate C not null
column proofs.municipality text collate C not null
column proofs.valid_until text collate C
column proofs.run text collate C
column proofs.outcome text collate C
column proofs.settled_at text collate C
column registration_mails.id text collate C not null
column registration_mails.kind text collate C not null
column registration_mails.municipality text collate C not null
column registration_mails.registration integer
column registration_mails.created_at text collate C not null
column registration_mails.used_at text collate C
column registration_mails.wish text collate C
column registration_mails.body bytea
column registrations.id integer not null default nextval('registrations_id_seq'::regclass)
column registrations.municipality text collate C not null
column registrations.form text collate C not null
column registrations.receipt_number text collate C not null
column registrations.content_hash text collate C not null
column registrations.applied_at text collate C not null
column registrations.imported_at text collate C not null
column registrations.superseded_at text collate C
column registrations.company text collate C not null
column registrations.place text collate C not null
column registrations.signatory_title text collate C
column registrations.signatory_name text collate C not null
column registrations.signatory_address text collate C not null
column registrations.checker_name text collate C
column registrations.checker_address text collate C
column registrations.phone text collate C
column registrations.title text collate C
column registrations.section text collate C
column registrations.remarks text collate C
column registrations.confirmed_at text collate C
column registry.id integer not null default nextval('registry_id_seq'::regclass)
column registry.municipality text collate C not null
column registry.form text collate C not null
column registry.model text collate C not null
column registry.number_hash text collate C not null
column registry.content_hash text collate C not null
column registry.company_hash text collate C
column registry.signatory_hash text collate C
column registry.checker_hash text collate C
column registry.applied_at text collate C not null
column registry.imported_at text collate C not null
column registry.state text collate C not null
column registry.state_at text collate C not null
column registry.asks text collate C not null
column registry.declared_version text collate C
column registry.confirmed_at text collate C
column registry.accepted_version text collate C
column registry.unusable_at text collate C
column registry.decision text collate C
column registry.decided_at text collate C
column registry.decided_by bytea
column registry.replaced_by integer
column registry.body bytea
column registry.erased_at text collate C
column registry.pin_hash text collate C
column second_factors.contract text collate C not null
column second_factors.participant text collate C not null
column second_factors.tries integer not null
column second_factors.locked_until text collate C
column second_factors.generation integer not null default 0
column secrets.id text collate C not null
column secrets.purpose text collate C not null
column secrets.municipality text collate C not null
column secrets.contract text collate C not null
column secrets.participant text collate C not null
column secrets.generation integer not null
column secrets.heads text collate C not null
column secrets.mail text collate C not null
column secrets.created_at text collate C not null
column secrets.expires_at text collate C
column secrets.used_at text collate C
column secrets.fetched_at text collate C
constraint contracts_municipality_number_unique on contracts UNIQUE (municipality, number)
constraint contracts_pkey on contracts PRIMARY KEY (id)
constraint counters_pkey on counters PRIMARY KEY (municipality, name)
constraint document_hashes_contract_foreign on document_hashes FOREIGN KEY (contract) REFERENCES contracts(id)
constraint document_hashes_pkey on document_hashes PRIMARY KEY (municipality, sha256, contract)
constraint downloads_pkey on downloads PRIMARY KEY (secret, file)
constraint events_contract_foreign on events FOREIGN KEY (contract) REFERENCES contracts(id)
constraint events_pkey on events PRIMARY KEY (contract, seq)
constraint feed_rows_pkey on feed_rows PRIMARY KEY (run, line)
constraint feed_rows_run_foreign on feed_rows FOREIGN KEY (run) REFERENCES feed_runs(id)
constraint feed_runs_pkey on feed_runs PRIMARY KEY (id)
constraint merkle_roots_pkey on merkle_roots PRIMARY KEY (day)
constraint messages_duplicate_of_foreign on messages FOREIGN KEY (duplicate_of) REFERENCES messages(id)
constraint messages_pkey on messages PRIMARY KEY (id)
constraint meta_pkey on meta PRIMARY KEY (name)
constraint outbox_pkey on outbox PRIMARY KEY (key)
constraint proofs_contract_foreign on proofs FOREIGN KEY (contract) REFERENCES contracts(id)
constraint proofs_pkey on proofs PRIMARY KEY (contract, file)
constraint registration_mails_pkey on registration_mails PRIMARY KEY (id)
constraint registrations_municipality_form_receipt_number_content_hash_uni on registrations UNIQUE (municipality, form, receipt_number, content_hash)
constraint registrations_pkey on registrations PRIMARY KEY (id)
constraint registry_municipality_form_number_hash_content_hash_unique on registry UNIQUE (municipality, form, number_hash, content_hash)
constraint registry_pkey on registry PRIMARY KEY (id)
constraint second_factors_pkey on second_factors PRIMARY KEY (contract, participant)
constraint secrets_pkey on secrets PRIMARY KEY (id)
CREATE UNIQUE INDEX contracts_municipality_number_unique ON public.contracts USING btree (municipality, number)
CREATE INDEX contracts_municipality_state_index ON public.contracts USING btree (municipality, state)
CREATE UNIQUE INDEX contracts_pkey ON public.contracts USING btree (id)
CREATE UNIQUE INDEX counters_pkey ON public.counters USING btree (municipality, name)
CREATE INDEX document_hashes_contract_index ON public.document_hashes USING btree (contract)
CREATE UNIQUE INDEX document_hashes_pkey ON public.document_hashes USING btree (municipality, sha256, contract)
CREATE INDEX downloads_contract_index ON public.downloads USING btree (contract)
CREATE UNIQUE INDEX downloads_pkey ON public.downloads USING btree (secret, file)
CREATE INDEX events_at_index ON public.events USING btree (at)
CREATE UNIQUE INDEX events_pkey ON public.events USING btree (contract, seq)
CREATE UNIQUE INDEX feed_rows_pkey ON public.feed_rows USING btree (run, line)
CREATE INDEX feed_runs_finished_at_index ON public.feed_runs USING btree (finished_at)
CREATE INDEX feed_runs_municipality_reference_hash_index ON public.feed_runs USING btree (municipality, reference_hash)
CREATE UNIQUE INDEX feed_runs_pkey ON public.feed_runs USING btree (id)
CREATE UNIQUE INDEX merkle_roots_pkey ON public.merkle_roots USING btree (day)
CREATE UNIQUE INDEX messages_content_key ON public.messages USING btree (municipality, content_key) WHERE ((duplicate_of IS NULL) AND (content_key IS NOT NULL))
CREATE INDEX messages_municipality_received_at_index ON public.messages USING btree (municipality, received_at)
CREATE UNIQUE INDEX messages_pkey ON public.messages USING btree (id)
CREATE UNIQUE INDEX meta_pkey ON public.meta USING btree (name)
CREATE INDEX outbox_contract ON public.outbox USING btree (contract)
CREATE INDEX outbox_due ON public.outbox USING btree (not_before) WHERE ((done_at IS NULL) AND (parked_at IS NULL))
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (key)
CREATE UNIQUE INDEX proofs_pkey ON public.proofs USING btree (contract, file)
CREATE INDEX proofs_run_index ON public.proofs USING btree (run)
CREATE INDEX proofs_valid_until_index ON public.proofs USING btree (valid_until)
CREATE INDEX registration_mails_municipality_registration_kind_index ON public.registration_mails USING btree (municipality, registration, kind)
CREATE UNIQUE INDEX registration_mails_pkey ON public.registration_mails USING btree (id)
CREATE INDEX registrations_municipality_company_index ON public.registrations USING btree (municipality, company)
CREATE UNIQUE INDEX registrations_municipality_form_receipt_number_content_hash_uni ON public.registrations USING btree (municipality, form, receipt_number, content_hash)
CREATE INDEX registrations_municipality_receipt_number_index ON public.registrations USING btree (municipality, receipt_number)
CREATE INDEX registrations_municipality_signatory_address_index ON public.registrations USING btree (municipality, signatory_address)
CREATE UNIQUE INDEX registrations_pkey ON public.registrations USING btree (id)
CREATE INDEX registry_municipality_checker_hash_index ON public.registry USING btree (municipality, checker_hash)
CREATE INDEX registry_municipality_company_hash_index ON public.registry USING btree (municipality, company_hash)
CREATE UNIQUE INDEX registry_municipality_form_number_hash_content_hash_unique ON public.registry USING btree (municipality, form, number_hash, content_hash)
CREATE INDEX registry_municipality_number_hash_index ON public.registry USING btree (municipality, number_hash)
CREATE INDEX registry_municipality_signatory_hash_index ON public.registry USING btree (municipality, signatory_hash)
CREATE INDEX registry_municipality_state_index ON public.registry USING btree (municipality, state)
CREATE UNIQUE INDEX registry_pkey ON public.registry USING btree (id)
CREATE INDEX registry_state_state_at_index ON public.registry USING btree (state, state_at)
CREATE UNIQUE INDEX second_factors_pkey ON public.second_factors USING btree (contract, participant)
CREATE INDEX secrets_contract_index ON public.secrets USING btree (contract)
CREATE UNIQUE INDEX secrets_pkey ON public.secrets USING btree (id)
