namespace AiPlatform.Core.Models;

/// <summary>A model as one caller gets it: the record and what this caller may do with it.</summary>
/// <param name="Model">The record.</param>
/// <param name="UserCanDeploy">Whether the caller may deploy it.</param>
/// <param name="UserCanModify">Whether the caller may change its record.</param>
/// <param name="UserCanDelete">Whether the caller may delete it.</param>
public sealed record ModelView(ModelRecord Model, bool UserCanDeploy, bool UserCanModify, bool UserCanDelete);
