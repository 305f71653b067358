-- 1. User events with the event's name, for the CRM.
--    MySQL's rows arrive as Debezium's Avro envelopes; their columns come from the Schema Registry.
set 'auto.offset.reset'='earliest';
create stream `stg_submit` with (kafka_topic='EVENT_MYSQL.EVENT.SUBMIT', value_format='AVRO');
create stream `stg_name` with (kafka_topic='EVENT_MYSQL.EVENT.NAME', value_format='AVRO');
show streams;

-- The latest name of each event.
create table `tb_event_name` with (kafka_topic='TABLE.EVENT.NAME', key_format='AVRO', value_format='AVRO', partitions=1) as
  select AFTER->ID as `id`, latest_by_offset(AFTER->NAME) as `name` from `stg_name` where AFTER->ID is not null group by AFTER->ID emit changes;
show tables;

-- Each submission with its event's name, keyed by the user.
create stream `stm_event_name_join` with (kafka_topic='STREAM.EVENT.JOIN', key_format='JSON', value_format='JSON', partitions=1) as
  select s.after->user_id as `user_id`, e.`name` as `event_name`, s.after->created_at as `event_time`,
  from `stg_submit` s left join `tb_event_name` e on s.after->event_id = e.`id`
  where (s.op = 'r' or s.op = 'c') and s.after->event_id is not null and e.`id` is not null
  partition by s.after->user_id emit changes;
