//! The audit log: what staff and programs did, and what happened to the data of shoppers. The history of an order is in its events.

use crate::word::words;

words! {
    /// An action in the audit log.
    AuditAction {
        /// Signed in.
        SignIn = "sign in",
        /// A sign-in was refused.
        SignInRefused = "sign in refused",
        /// Signed out.
        SignOut = "sign out",
        /// Sent an order.
        Ship = "ship",
        /// Corrected the carrier or the number of a parcel.
        CorrectShipment = "correct shipment",
        /// Handed an order over to the shopper who collects it.
        HandOver = "hand over",
        /// Asked the shop to report a delivery to WeChat again.
        ReportDelivery = "report delivery",
        /// Refunded an order.
        Refund = "refund",
        /// Sent an abnormal refund to another account.
        RedirectRefund = "redirect refund",
        /// Agreed to an after-sale: the money goes back.
        GrantRefund = "grant refund",
        /// Agreed that a shopper sends goods back.
        AgreeToReturn = "agree to return",
        /// Received goods that a shopper sent back.
        ReceiveReturn = "receive return",
        /// Declined an after-sale.
        DeclineRefund = "decline refund",
        /// Replied to a complaint.
        ReplyToComplaint = "reply to complaint",
        /// Said that a complaint is dealt with.
        FinishComplaint = "finish complaint",
        /// Approved or refused the refund that a complaint asks for.
        DecideComplaintRefund = "decide complaint refund",
        /// Said that an invoice was issued.
        IssueInvoice = "issue invoice",
        /// Downloaded orders as CSV.
        Export = "export",
        /// Took a copy of the data of a shopper.
        CopyPersonalData = "copy personal data",
        /// Erased the data of a shopper, or the shopper did it.
        ErasePersonalData = "erase personal data",
        /// Changed the texts of a product.
        ChangeProduct = "change product",
        /// Added a product.
        AddProduct = "add product",
        /// Added an SKU.
        AddSku = "add sku",
        /// Changed an SKU.
        ChangeSku = "change sku",
        /// Corrected the stock of an SKU.
        CorrectStock = "correct stock",
        /// Changed the picture of a product.
        ChangePicture = "change picture",
        /// Put a product on sale.
        OnTheShelf = "on the shelf",
        /// Took a product off sale.
        OffTheShelf = "off the shelf",
        /// Changed the options of a product.
        ChangeOptions = "change options",
        /// Changed when shoppers can order a product.
        ChangeSalePeriod = "change sale period",
        /// Changed the rules of the delivery cost.
        ChangeFreight = "change freight",
        /// Deleted a product.
        ArchiveProduct = "archive product",
        /// Restored a deleted product.
        RestoreProduct = "restore product",
        /// Downloaded the catalogue as CSV.
        ExportCatalogue = "export catalogue",
        /// Imported a CSV file of the catalogue.
        ImportCatalogue = "import catalogue",
        /// Resolved a discrepancy. The word is older than the name.
        ResolveDiscrepancy = "resolve difference",
        /// Added a member of staff.
        AddStaff = "add staff",
        /// Gave a member of staff a new password and second factor.
        ResetStaff = "reset staff",
        /// Invited a member of staff to set a password and a second factor.
        InviteStaff = "invite staff",
        /// Set their own password and second factor with an invitation.
        AcceptInvitation = "accept invitation",
        /// Changed their own password.
        ChangePassword = "change password",
        /// Asked for a new second factor of their own account.
        RenewSecondFactor = "renew second factor",
        /// Signed in with a recovery code in the place of the second factor.
        UseRecoveryCode = "use recovery code",
        /// Made new recovery codes of the own account.
        RenewRecoveryCodes = "renew recovery codes",
        /// Changed the role of a member of staff.
        ChangeRole = "change role",
        /// Removed a member of staff.
        RemoveStaff = "remove staff",
        /// Ended the sessions of a member of staff.
        EndSessions = "end sessions",
        /// A login showed that two shoppers are one person.
        MergeShoppers = "merge shoppers",
        /// A program read the access_token.
        AccessToken = "access_token",
        /// A program reported that the access_token fails.
        AccessTokenReported = "access_token reported as failing",
    }
}
