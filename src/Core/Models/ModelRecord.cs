using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Core.Models;

/// <summary>One version of a registered model. Replaced whole, never edited.</summary>
public sealed record ModelRecord
{
    /// <summary>Stable id, the same for all versions of the model.</summary>
    public required string ModelId { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string ModelName { get; init; }

    /// <summary>The version; unique together with <see cref="ModelId"/>.</summary>
    public required ModelVersion Version { get; init; }

    /// <summary>What it was made with, such as <c>pytorch</c>.</summary>
    public required string Framework { get; init; }

    /// <summary>Where its files are: an <c>s3://</c> URI, or a folder.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>What it is deployed to, such as <c>bedrock</c>.</summary>
    public required string DeploymentTarget { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ModelStatus Status { get; init; }

    /// <summary>When this version was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this record last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Subject that registered it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Free key and value pairs. <c>sensitive</c> = <c>true</c> narrows <see cref="AllowedGroups"/> to groups of administrator level 2 and above.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Groups that own it; at least one.</summary>
    public required ImmutableArray<string> OwnerGroups { get; init; }

    /// <summary>How sensitive it is: the highest level of the owner groups' policies.</summary>
    public required DataAccessLevel AccessLevel { get; init; }

    /// <summary>Groups that may see it, <c>everyone</c> for all. Empty: nobody.</summary>
    public required ImmutableArray<string> AllowedGroups { get; init; }

    /// <summary>Groups that may not see it, whatever <see cref="AllowedGroups"/> says.</summary>
    public ImmutableArray<string> RestrictedGroups { get; init; } = [];
}
