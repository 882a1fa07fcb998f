id: vsfb_b4d13ac34d1901c2be30ceca32effada
object: vector_store.file_batch
created_at: 1795330649
vector_store_id: vs_1
status: in_progress
file_counts:
  in_progress: 1
  completed: 0
  failed: 0
  cancelled: 0
  total: 1
