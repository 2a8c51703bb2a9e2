using System.Globalization;
using System.Text.Json;

namespace Gongji.LocalRuntime.Engine;

/// <summary>The cluster's grain storage in memory. Kept as JSON, so that what a grain changes later is not stored by that.</summary>
internal sealed class MemoryStore
{
    private readonly ConcurrentDictionary<string, Storage> _storages = new();

    internal IGrainStorage Named(string name) => _storages.GetOrAdd(name, static _ => new Storage());

    private sealed class Storage : IGrainStorage
    {
        private readonly Dictionary<(string, GrainId), (byte[] Json, string Etag)> _records = [];
        private long _lastEtag;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            lock (_records)
            {
                grainState.RecordExists = _records.TryGetValue((stateName, grainId), out var record);
                grainState.ETag = grainState.RecordExists ? record.Etag : null;
                grainState.State = grainState.RecordExists ? JsonSerializer.Deserialize<T>(record.Json) : default;
            }

            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
            lock (_records)
            {
                CheckEtag(stateName, grainId, grainState.ETag);
                var etag = (++_lastEtag).ToString(CultureInfo.InvariantCulture);
                _records[(stateName, grainId)] = (json, etag);
                grainState.ETag = etag;
                grainState.RecordExists = true;
            }

            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            lock (_records)
            {
                CheckEtag(stateName, grainId, grainState.ETag);
                _records.Remove((stateName, grainId));
                grainState.ETag = null;
                grainState.RecordExists = false;
                grainState.State = default;
            }

            return Task.CompletedTask;
        }

        private void CheckEtag(string stateName, GrainId grainId, string? etag)
        {
            var stored = _records.TryGetValue((stateName, grainId), out var record) ? record.Etag : null;
            if (stored != etag)
                throw new InconsistentStateException($"State \"{stateName}\" of a {grainId.Type} was written by someone else.", stored, etag);
        }
    }
}
