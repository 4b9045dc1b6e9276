using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Keys;

/// <summary>
/// Keys that were just found good, for at most <see cref="Lifetime"/>: a revocation by another process takes effect within that time, one by
/// this process at once. Refusals are not kept. Holds digests, never keys. Bounded by <see cref="Capacity"/>; thread-safe.
/// </summary>
internal sealed class AuthenticatedKeys(TimeProvider time)
{
    public const int Capacity = 10_000;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Digest, Entry> _entries = new();
    private long _epoch;

    public int Count => _entries.Count;

    /// <summary>The moment to hand to <see cref="Keep"/>, taken before the record is read.</summary>
    public Ticket Begin() => new(time.GetUtcNow(), Volatile.Read(ref _epoch));

    /// <summary>The record, or null when it was not verified within the lifetime.</summary>
    public ApiKeyRecord? Find(string presented) => Look(presented)?.Record;

    /// <summary>As <see cref="Find"/>, for a use of the key.</summary>
    /// <param name="presented">The key.</param>
    /// <param name="isFirst">Whether this is the first use since the record was verified, and so still has to be noted.</param>
    public ApiKeyRecord? Use(string presented, out bool isFirst)
    {
        var entry = Look(presented);
        isFirst = entry is not null && entry.TakeFirstUse();
        return entry?.Record;
    }

    /// <summary>Keeps a verified record, unless something was revoked since the ticket: then the record may be older than the revocation.</summary>
    /// <param name="presented">The key.</param>
    /// <param name="record">What was found.</param>
    /// <param name="ticket">From before it was read.</param>
    /// <param name="isUse">Whether it was verified for a use, which is noted already.</param>
    public void Keep(string presented, ApiKeyRecord record, Ticket ticket, bool isUse = true)
    {
        if (_entries.Count >= Capacity)
        {
            // Everything in it is a second old at most, so starting over costs one look-up a key.
            _entries.Clear();
        }

        var digest = Digest.Of(presented);
        var entry = new Entry(record, ticket.At, isUse);
        _entries[digest] = entry;
        if (Volatile.Read(ref _epoch) != ticket.Epoch)
        {
            _entries.TryRemove(KeyValuePair.Create(digest, entry));
        }
    }

    /// <summary>Forgets everything, because a key was revoked.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _epoch);
        _entries.Clear();
    }

    private Entry? Look(string presented)
    {
        var digest = Digest.Of(presented);
        if (!_entries.TryGetValue(digest, out var entry))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now >= entry.VerifiedAt && now < entry.VerifiedAt + Lifetime && (entry.Record.ExpiresAt is not { } end || now < end))
        {
            return entry;
        }

        _entries.TryRemove(KeyValuePair.Create(digest, entry));
        return null;
    }

    /// <summary>When and in which epoch a check began.</summary>
    internal readonly record struct Ticket(DateTimeOffset At, long Epoch);

    private sealed class Entry(ApiKeyRecord record, DateTimeOffset verifiedAt, bool isUsed)
    {
        private int _used = isUsed ? 1 : 0;

        public ApiKeyRecord Record => record;

        public DateTimeOffset VerifiedAt => verifiedAt;

        public bool TakeFirstUse() => Volatile.Read(ref _used) == 0 && Interlocked.Exchange(ref _used, 1) == 0;
    }

    /// <summary>SHA-256 of a key as four words: compared without allocation.</summary>
    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
    {
        public static Digest Of(string presented)
        {
            Span<byte> text = stackalloc byte[KeyFormat.Length * 3];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..Encoding.UTF8.GetBytes(presented, text)], hash);
            return new Digest(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]), BitConverter.ToUInt64(hash[16..]), BitConverter.ToUInt64(hash[24..]));
        }
    }
}
