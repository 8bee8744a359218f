//! The actions in the audit log: what staff and programs did, and what happened to the data of shoppers. The history of
//! an order is in its events ([`crate::event`]).

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
        CorrectParcel = "correct shipment",
        /// Handed an order over to the shopper who collects it.
        HandOver = "hand over",
        /// Asked the shop to report a delivery to WeChat again.
        ReportDelivery = "report delivery",
        /// Corrected the address of an order.
        CorrectAddress = "correct address",
        /// Refunded an order.
        Refund = "refund",
        /// Sent an abnormal refund to another account.
        RedirectRefund = "redirect refund",
        /// Created the refund of an after-sale.
        GrantRefund = "grant refund",
        /// Agreed that a shopper sends goods back.
        AgreeToReturn = "agree to return",
        /// Received goods that a shopper sent back.
        ReceiveReturn = "receive return",
        /// Declined an after-sale.
        DeclineAfterSale = "decline refund",
        /// Replied to a complaint.
        ReplyToComplaint = "reply to complaint",
        /// Told WeChat that a complaint is resolved.
        FinishComplaint = "finish complaint",
        /// Approved or refused the refund that a complaint asks for.
        DecideComplaintRefund = "decide complaint refund",
        /// Marked an invoice as issued.
        IssueInvoice = "issue invoice",
        /// Downloaded a CSV file: orders, waiting orders, figures or movements of money.
        Export = "export",
        /// Took a copy of the data of a shopper.
        CopyPersonalData = "copy personal data",
        /// Erased the data of a shopper. The shopper can do it, too.
        ErasePersonalData = "erase personal data",
        /// Changed the texts or the purchase limit of a product.
        ChangeProduct = "change product",
        /// Added a product.
        AddProduct = "add product",
        /// Added a specification.
        AddSku = "add sku",
        /// Changed the name, the price or the weight of a specification.
        ChangeSku = "change sku",
        /// Corrected the stock of a specification.
        CorrectStock = "correct stock",
        /// Changed the pictures of a product.
        ChangePicture = "change picture",
        /// Put a product on sale.
        PutOnSale = "on the shelf",
        /// Took a product off sale.
        TakeOffSale = "off the shelf",
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
        /// Resolved a discrepancy. The stored word says "difference", like the table `differences`.
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
        /// Used a recovery code instead of the second factor.
        UseRecoveryCode = "use recovery code",
        /// Created new recovery codes for their own account.
        RenewRecoveryCodes = "renew recovery codes",
        /// Changed the role of a member of staff.
        ChangeRole = "change role",
        /// Removed the account of a member of staff.
        RemoveStaff = "remove staff",
        /// Ended the sessions of a member of staff.
        EndSessions = "end sessions",
        /// A login showed that two shoppers are one person.
        MergeShoppers = "merge shoppers",
        /// A program read the access_token.
        ReadAccessToken = "access_token",
        /// A program reported that the access_token fails.
        ReportAccessToken = "access_token reported as failing",
    }
}
