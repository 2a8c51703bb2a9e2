using System.Text.Json;

namespace Gongji.LocalRuntime.Engine;

/// <summary>The cluster's grain storages in memory. States are kept as JSON, so that a grain's later changes to its own object do not reach the store.</summary>
internal sealed class MemoryStore
{
    internal const string DefaultName = "Default";
    private readonly ConcurrentDictionary<string, Storage> _storages = new();

    internal IGrainStorage Named(string name) => _storages.GetOrAdd(name, static _ => new Storage());

    private sealed class Storage : IGrainStorage
    {
        private readonly Dictionary<(string, GrainId), (byte[] Json, string Etag)> _records = [];
        private long _lastEtag;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Locked(() =>
        {
            var exists = _records.TryGetValue((stateName, grainId), out var record);
            Set(grainState, exists ? JsonSerializer.Deserialize<T>(record.Json) : default, record.Etag);
        });

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Locked(() =>
        {
            CheckEtag(stateName, grainId, grainState.ETag);
            var etag = (++_lastEtag).ToString(CultureInfo.InvariantCulture);
            _records[(stateName, grainId)] = (JsonSerializer.SerializeToUtf8Bytes(grainState.State), etag);
            Set(grainState, grainState.State, etag);
        });

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Locked(() =>
        {
            CheckEtag(stateName, grainId, grainState.ETag);
            _records.Remove((stateName, grainId));
            Set(grainState, default, null);
        });

        private static void Set<T>(IGrainState<T> grainState, T? state, string? etag) =>
            (grainState.State, grainState.ETag, grainState.RecordExists) = (state, etag, etag is not null);

        private Task Locked(Action action)
        {
            lock (_records) action();
            return Task.CompletedTask;
        }

        private void CheckEtag(string stateName, GrainId grainId, string? etag)
        {
            var stored = _records.GetValueOrDefault((stateName, grainId)).Etag;
            if (stored != etag)
                throw new InconsistentStateException($"State \"{stateName}\" of a {grainId.Type} was written by someone else.", stored, etag);
        }
    }
}
